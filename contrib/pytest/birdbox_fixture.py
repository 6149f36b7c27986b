"""A fixture that runs Birdbox for a session of pytest.

In conftest.py:    pytest_plugins = ["birdbox_fixture"]

A test that takes `birdbox` gets the variables that `birdbox run` gives to programs: BEARER_TOKEN,
CONSUMER_KEY, BASE_URL and so on. They are also in `os.environ`, with those that lead requests for
api.x.com and api.twitter.com to Birdbox. The data is fresh, and goes with the session.
"""

import json
import os
import subprocess
import sys
from unittest import mock

import pytest

# Tells its environment, and stays until its input ends.
CHILD = "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()"


@pytest.fixture(scope="session")
def birdbox(tmp_path_factory):
    data = tmp_path_factory.mktemp("birdbox") / "data"
    command = [os.environ.get("BIRDBOX", "birdbox"), "run", "--data", data, "--", sys.executable, "-c", CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert line, f"birdbox run did not start: exit code {process.wait()}"
        variables = json.loads(line)
        try:
            with mock.patch.dict(os.environ, variables):
                yield variables
        finally:
            process.stdin.close()
            process.wait(timeout=20)
