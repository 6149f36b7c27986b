"""xdk, X's own SDK for Python: the vocabulary of posts, and models that refuse what they do not know."""

import os
import time
from types import SimpleNamespace

from claims import check, expect, parameter, slept_until, until, visit, walk
from requests import HTTPError
from xdk import Client
from xdk.oauth1_auth import OAuth1

env = SimpleNamespace(**os.environ)
KEYS = (env.CONSUMER_KEY, env.CONSUMER_SECRET, env.CALLBACK)
app = Client(bearer_token=env.BEARER_TOKEN)


def signed_by(access_token, secret):
    return Client(auth=OAuth1(*KEYS, access_token, secret))


def users_by_ids():
    reply = app.users.get_by_ids(ids=["2244994945", "1", "783214"], user_fields=["created_at", "public_metrics"])
    assert [user.username for user in reply.data] == ["TwitterDev", "Twitter"], reply
    assert reply.data[0].public_metrics.post_count is not None, reply
    [problem] = reply.errors
    assert problem.resource_id == "1" and problem.type.startswith("https://api.x.com/"), problem
    return "2 users and 1 problem, with post_count"


def users_by_usernames():
    reply = app.users.get_by_usernames(usernames=["Twitter", "suspended_user", "TwitterDev"])
    assert [user.id for user in reply.data] == ["783214", "2244994945"], reply
    assert [problem.value for problem in reply.errors] == ["suspended_user"], reply
    return "2 users and 1 problem"


def me():
    reply = signed_by(env.ACCESS_TOKEN, env.ACCESS_TOKEN_SECRET).users.get_me(user_fields=["created_at"])
    assert reply.data.id == env.USER_ID, reply
    return "the user of the token"


def expansions():
    reply = app.users.get_by_ids(
        ids=["2244994945", "6253282"], expansions=["pinned_post_id"], post_fields=["created_at", "public_metrics"]
    )
    pinned = {post.id: post for post in reply.includes.posts}
    assert all(pinned[user.pinned_post_id].created_at for user in reply.data), reply
    return "each pinned post is there"


def patiently(call):
    """What a call gives, and whether it had to wait for the end of a window."""
    try:
        return call(), False
    except HTTPError as error:
        assert error.response.status_code == 429, error.response.text
        time.sleep(max(0, int(error.response.headers["x-rate-limit-reset"]) - time.time()))
        return call(), True


def pages(function, user, size):
    """How many pages a walk took, and how often it had to wait."""
    waits = 0

    def page(token):
        nonlocal waits
        # The generator goes forward alone, and ends with an error at a 429.
        call = lambda: next(function(user, max_results=size, pagination_token=token))
        reply, waited = patiently(call)
        waits += waited
        meta = reply.meta
        ids = [user["id"] if isinstance(user, dict) else user.id for user in reply.data or []]
        return ids, getattr(meta, "next_token", None), getattr(meta, "previous_token", None)

    return walk(page), waits


def followers():
    _, waits = pages(app.users.get_followers, "2244994945", 50)
    assert waits > 0
    return "to the end and back, with a sleep until x-rate-limit-reset on the way"


def following():
    client = signed_by(env.ACCESS_TOKEN, env.ACCESS_TOKEN_SECRET)
    count, _ = pages(client.users.get_following, env.USER_ID, 5)
    assert count > 2, count
    return "to the end and back"


def follow():
    client = signed_by(env.ACCESS_TOKEN, env.ACCESS_TOKEN_SECRET)
    done = client.users.follow_user(env.USER_ID, {"target_user_id": "783214"})
    assert done.data.following and not done.data.pending_follow, done
    assert not client.users.unfollow_user(env.USER_ID, "783214").data.following
    return "the replies say so"


def refusal(status, function):
    error = expect(HTTPError, function)
    assert error.response.status_code == status, error.response.text
    return error.response.json()


def error_400():
    problem = refusal(400, lambda: app.users.get_by_ids(ids=["not-an-id"]))
    assert problem["errors"][0]["parameters"] == {"ids": ["not-an-id"]}, problem
    return "HTTPError names the parameter"


def error_401():
    assert refusal(401, lambda: Client(bearer_token="wrong").users.get_by_id("12"))["title"] == "Unauthorized"
    return "HTTPError with the problem"


def error_403():
    problem = refusal(403, lambda: Client(access_token=env.BEARER_TOKEN).users.get_me())
    assert problem["title"] == "Unsupported Authentication", problem
    return "HTTPError with the problem"


def refused():
    error = until(HTTPError, lambda: app.users.get_by_username("TwitterDev"))
    assert error.response.status_code == 429, error.response.text
    return error


def error_429():
    assert refused().response.headers["x-rate-limit-remaining"] == "0"
    return "HTTPError with x-rate-limit-*"


def waits():
    reset = int(refused().response.headers["x-rate-limit-reset"])
    time.sleep(max(0, reset - time.time()))
    assert slept_until(reset, lambda: app.users.get_by_username("TwitterDev")).data.username == "TwitterDev"
    return "after a sleep until x-rate-limit-reset"


def dance(callback):
    handler = OAuth1(*KEYS[:2], callback)
    return handler, visit(handler.start_oauth_flow())


def finish(handler, verifier):
    token = handler.get_access_token(verifier)
    # The handler goes on signing with the secret of the request token, so its user makes a new one.
    reply = signed_by(token.access_token, token.access_token_secret).users.get_me()
    assert reply.data.id == env.USER_ID, reply


def oauth1():
    handler, called = dance(env.CALLBACK)
    finish(handler, parameter(called, "oauth_verifier"))
    return "a callback with a verifier"


def oauth1_pin():
    finish(*dance("oob"))
    return "a PIN"


def signed_in():
    client = Client(
        client_id=env.CLIENT_ID,
        client_secret=env.CLIENT_SECRET,
        redirect_uri=env.CALLBACK,
        scope=["tweet.read", "users.read", "offline.access"],
    )
    client.fetch_token(visit(client.get_authorization_url()))
    return client


def oauth2():
    assert signed_in().users.get_me().data.id == env.USER_ID
    return "PKCE with S256"


def oauth2_refresh():
    client = signed_in()
    before = dict(client.token)
    after = client.refresh_token()
    assert after["access_token"] != before["access_token"] and after["refresh_token"] != before["refresh_token"]
    assert client.users.get_me().data.id == env.USER_ID
    return "both tokens are new"


check("xdk-python", "xdk", {
    "users by ids": users_by_ids,
    "users by usernames": users_by_usernames,
    "me": me,
    "expansions": expansions,
    "follow and unfollow": follow,
    "followers": followers,
    "following": following,
    "programs of the documentation": "X's page of followers has no program for it",
    "error 400": error_400,
    "error 401": error_401,
    "error 403": error_403,
    "error 404": "it makes no path that is not there",
    "error 429": error_429,
    "waits for the reset": waits,
    "app-only token": "it asks for no bearer token",
    "OAuth 1.0a sign-in": oauth1,
    "OAuth 1.0a PIN": oauth1_pin,
    "OAuth 2.0 sign-in": oauth2,
    "OAuth 2.0 refresh": oauth2_refresh,
})
