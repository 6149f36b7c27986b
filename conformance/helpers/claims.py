"""Runs the claims of a Python client and prints a line of JSON for each."""

import importlib.metadata
import json
import sys
import time
import traceback
import urllib.parse

from person import visit

__all__ = ["check", "expect", "parameter", "slept_until", "until", "visit", "walk"]


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


def walk(page):
    """Walks a list to its end and back; how many pages that took.

    `page` takes a token, or None at first, and gives the ids on a page, its next and its previous token.
    """
    there, token, pages = [], None, 0
    while True:
        ids, token, back = page(token)
        there += ids
        pages += 1
        if token is None:
            break
    assert len(set(there)) == len(there) > 0, there
    again, end = [], len(there) - len(ids)
    while back is not None:
        ids, _, back = page(back)
        again = ids + again
        pages += 1
    assert again == there[:end], (again, there)
    return pages


def parameter(url, name):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)[name][0]
