"""Makes the fixture known to the tests of this folder."""

pytest_plugins = ["birdbox_fixture"]
