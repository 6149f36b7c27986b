"""Runs checks one after the other and prints a line for each, and how many passed."""

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

BASE_URL = os.environ["BASE_URL"]
CALLBACK = os.environ["CALLBACK"]


def browse(url, decision, name):
    """What becomes of a page when a person allows or denies: the called address, or a PIN."""
    script = Path(__file__).with_name("browser.cjs")
    done = subprocess.run(["node", script, url, decision, name], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run(checks):
    passed = failed = 0
    for check in checks:
        try:
            check()
            passed += 1
            print(f"ok     {check.__doc__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED {check.__doc__}", flush=True)
            traceback.print_exc()
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(failed > 0)
