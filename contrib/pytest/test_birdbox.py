"""The fixture, used as in anybody's tests."""

import json
import urllib.request


def test_requests_for_x_get_to_birdbox(birdbox):
    request = urllib.request.Request("https://api.x.com/2/users/by/username/TwitterDev")
    request.add_header("Authorization", f"Bearer {birdbox['BEARER_TOKEN']}")
    with urllib.request.urlopen(request, timeout=20) as reply:
        assert json.load(reply)["data"]["id"] == "2244994945"


def test_the_data_is_fresh(birdbox):
    assert birdbox["USERNAME"] == "birdbox_owner"
