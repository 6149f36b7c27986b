"""What the checks of clients know of the server, and the person at its pages."""

import json
import os
import subprocess
from pathlib import Path

BASE_URL = os.environ["BASE_URL"]
CALLBACK = os.environ["CALLBACK"]


def browse(url, decision, name):
    """What becomes of a page when a person allows or denies: the called address, or a PIN."""
    script = Path(__file__).with_name("browser.cjs")
    done = subprocess.run(["node", script, url, decision, name], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
