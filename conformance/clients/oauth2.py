"""authlib: OAuth 2.0 with PKCE, refresh and revocation."""

import os

from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from checks import BASE_URL, CALLBACK, browse
from runner import run

TOKEN, REVOKE = f"{BASE_URL}/2/oauth2/token", f"{BASE_URL}/2/oauth2/revoke"
SCOPE = "tweet.read users.read offline.access"


def session():
    return OAuth2Session(
        os.environ["CLIENT_ID"],
        os.environ["CLIENT_SECRET"],
        scope=SCOPE,
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint=TOKEN,
        revocation_endpoint_auth_method="client_secret_basic",
    )


def assert_status(client, status):
    reply = client.get(f"{BASE_URL}/2/users/by/username/TwitterDev", withhold_token=False)
    assert reply.status_code == status, reply.text


def whole():
    "authlib: PKCE, a request, refresh, revocation"
    client, verifier = session(), generate_token(48)
    url, state = client.create_authorization_url(f"{BASE_URL}/2/oauth2/authorize", code_verifier=verifier)
    called = browse(url, "allow", "oauth2")["called"]
    token = client.fetch_token(TOKEN, authorization_response=called, state=state, code_verifier=verifier)
    assert token["token_type"] == "bearer" and token["expires_in"] == 7200, token
    assert set(token["scope"].split()) == set(SCOPE.split()), token
    assert_status(client, 200)
    newer = client.refresh_token(TOKEN, refresh_token=token["refresh_token"])
    assert newer["access_token"] != token["access_token"] and newer["refresh_token"] != token["refresh_token"], newer
    assert_status(client, 200)
    reply = client.revoke_token(REVOKE, token=newer["access_token"], token_type_hint="access_token")
    assert reply.status_code == 200 and reply.json() == {"revoked": True}, reply.text
    assert_status(client, 401)


def denied():
    "authlib: a user who refuses comes back with `access_denied`"
    client, verifier = session(), generate_token(48)
    url, state = client.create_authorization_url(f"{BASE_URL}/i/oauth2/authorize", code_verifier=verifier)
    called = browse(url, "deny", "oauth2-denied")["called"]
    assert called == f"{CALLBACK}?error=access_denied&state={state}", called


def wrong_verifier():
    "authlib: another code verifier gets nothing"
    client = session()
    url, state = client.create_authorization_url(f"{BASE_URL}/i/oauth2/authorize", code_verifier=generate_token(48))
    called = browse(url, "allow", "oauth2-verifier")["called"]
    try:
        client.fetch_token(TOKEN, authorization_response=called, state=state, code_verifier=generate_token(48))
    except OAuthError as error:
        assert error.error == "invalid_request", error
    else:
        raise AssertionError("it was not refused")


run([whole, denied, wrong_verifier])
