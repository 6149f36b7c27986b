"""Runs the claims of a Python client and prints a line of JSON for each."""

import importlib.metadata
import json
import sys
import time
import traceback
import urllib.parse

from person import visit

__all__ = ["check", "expect", "parameter", "slept_until", "until", "visit"]


def check(client, package, claims):
    """`claims` maps the name of a claim to a function, or to why the client has nothing for it.

    A function returns a few words on what it saw, the same at every run.
    """
    failed = False
    for claim, function in claims.items():
        try:
            result, detail = ("absent", function) if isinstance(function, str) else ("passed", function())
        except Exception as error:
            traceback.print_exc()
            result, detail, failed = "failed", f"{type(error).__name__}: {error}", True
        version = importlib.metadata.version(package)
        line = {"client": client, "version": version, "claim": claim, "result": result, "detail": detail}
        print(json.dumps(line), flush=True)
    sys.exit(failed)


def expect(kind, function):
    """The exception of this kind that a call must raise."""
    try:
        value = function()
    except kind as error:
        return error
    raise AssertionError(f"it was not refused, but gave {value!r}")


def until(kind, function):
    """The exception of this kind that a call raises once it was made often enough."""
    for _ in range(10):
        try:
            function()
        except kind as error:
            return error
    raise AssertionError("ten calls were not refused")


def slept_until(reset, function):
    """What a call gives that comes through when the window has ended, and not before."""
    value = function()
    assert time.time() >= reset, f"it came through {reset - time.time()} s before the reset"
    return value


def parameter(url, name):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)[name][0]
