"""requests-oauthlib: OAuth 1.0a in three steps, with a callback and with a PIN."""

import os

from requests_oauthlib import OAuth1Session
from requests_oauthlib.oauth1_session import TokenRequestDenied

from checks import BASE_URL, CALLBACK, browse
from runner import run

KEY, SECRET = os.environ["CONSUMER_KEY"], os.environ["CONSUMER_SECRET"]
REQUEST, ACCESS = f"{BASE_URL}/oauth/request_token", f"{BASE_URL}/oauth/access_token"


def begin(callback):
    session = OAuth1Session(KEY, client_secret=SECRET, callback_uri=callback)
    token = session.fetch_request_token(REQUEST)
    assert token["oauth_callback_confirmed"] == "true", token
    return session


def assert_works(session, tokens):
    assert tokens["user_id"] == os.environ["USER_ID"], tokens
    assert tokens["screen_name"] == os.environ["USERNAME"], tokens
    reply = session.get(f"{BASE_URL}/2/users/by/username/TwitterDev", params={"user.fields": "created_at,verified"})
    assert reply.status_code == 200 and reply.json()["data"]["username"] == "TwitterDev", reply.text


def callback():
    "requests-oauthlib: a user comes back by the callback, and the token works until it is ended"
    session = begin(CALLBACK)
    url = session.authorization_url(f"{BASE_URL}/oauth/authorize")
    session.parse_authorization_response(browse(url, "allow", "oauth1-callback")["called"])
    assert_works(session, session.fetch_access_token(ACCESS))
    ended = session.post(f"{BASE_URL}/1.1/oauth/invalidate_token.json")
    assert ended.status_code == 200 and "access_token" in ended.json(), ended.text
    assert session.get(f"{BASE_URL}/2/users/12").status_code == 401


def pin():
    "requests-oauthlib: a user types a PIN"
    session = begin("oob")
    url = session.authorization_url(f"{BASE_URL}/oauth/authenticate")
    pin = browse(url, "allow", "oauth1-pin")["pin"]
    assert len(pin) == 7, pin
    assert_works(session, session.fetch_access_token(ACCESS, verifier=pin))


def denied():
    "requests-oauthlib: a user who refuses comes back with `denied`"
    session = begin(CALLBACK)
    token = session._client.client.resource_owner_key
    url = session.authorization_url(f"{BASE_URL}/oauth/authorize")
    assert browse(url, "deny", "oauth1-denied")["called"] == f"{CALLBACK}?denied={token}"


def refused():
    "requests-oauthlib: a callback that is not registered is refused with code 415"
    try:
        OAuth1Session(KEY, client_secret=SECRET, callback_uri="https://example.com/").fetch_request_token(REQUEST)
    except TokenRequestDenied as error:
        assert error.status_code == 403 and '"code":415' in error.response.text, error.response.text
    else:
        raise AssertionError("it was not refused")


run([callback, pin, denied, refused])
