"""Runs checks one after the other and prints a line for each, and how many passed."""

import sys
import traceback


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
