"""tweepy: `Client`, and the handlers by which Apps get tokens."""

import os
from types import SimpleNamespace

import tweepy
from claims import check, expect, parameter, slept_until, until, visit, walk

env = SimpleNamespace(**os.environ)
KEYS = (env.CONSUMER_KEY, env.CONSUMER_SECRET)
app = tweepy.Client(env.BEARER_TOKEN)
user = tweepy.Client(None, *KEYS, env.ACCESS_TOKEN, env.ACCESS_TOKEN_SECRET)


def users_by_ids():
    reply = app.get_users(ids=[2244994945, 1, 783214], user_fields=["created_at"])
    assert [user.username for user in reply.data] == ["TwitterDev", "Twitter"], reply
    assert reply.data[0].created_at.year == 2013, reply.data[0].created_at
    [problem] = reply.errors
    assert (problem["resource_id"], problem["parameter"], problem["value"]) == ("1", "ids", "1"), problem
    return "2 users and 1 problem"


def users_by_usernames():
    reply = user.get_users(usernames=["Twitter", "suspended_user", "TwitterDev"], user_auth=True)
    assert [user.id for user in reply.data] == [783214, 2244994945], reply
    [problem] = reply.errors
    assert problem["value"] == "suspended_user" and problem["parameter"] == "usernames", problem
    return "2 users and 1 problem"


def me():
    assert str(user.get_me().data.id) == env.USER_ID
    return "the user of the token"


def expansions():
    reply = app.get_users(
        ids=[2244994945, 6253282], expansions="pinned_tweet_id", user_fields="pinned_tweet_id", tweet_fields="author_id"
    )
    pinned = {tweet.id: tweet for tweet in reply.includes["tweets"]}
    for owner in reply.data:
        assert pinned[owner.pinned_tweet_id].author_id == owner.id, (owner, pinned)
    return "each pinned post is by its user"


def pages(client, function, user, **options):
    def page(token):
        reply = function(client, user, pagination_token=token, **options)
        meta = reply.meta
        return [user.id for user in reply.data or []], meta.get("next_token"), meta.get("previous_token")

    return walk(page)


def followers():
    patient = tweepy.Client(env.BEARER_TOKEN, wait_on_rate_limit=True)
    count = pages(patient, tweepy.Client.get_users_followers, 2244994945, max_results=50)
    # The limit is one of three pages here.
    assert count > 3, count
    return "to the end and back; wait_on_rate_limit sleeps on the way"


def following():
    options = {"max_results": 5, "user_auth": True}
    assert pages(user, tweepy.Client.get_users_following, env.USER_ID, **options) > 2
    return "to the end and back"


def follow():
    reply = user.follow_user(783214)
    assert reply.data == {"following": True, "pending_follow": False}, reply
    [first] = app.get_users_followers(783214).data
    assert str(first.id) == env.USER_ID, first
    assert user.unfollow_user(783214).data == {"following": False}
    assert app.get_users_followers(783214).data is None
    return "the list shows both"


def error_400():
    error = expect(tweepy.BadRequest, lambda: app.get_users(ids=["not-an-id"]))
    assert "[not-an-id]" in error.api_messages[0], error.api_messages
    return "BadRequest names the value"


def error_401():
    expect(tweepy.Unauthorized, lambda: tweepy.Client("wrong").get_user(id=12))
    return "Unauthorized"


def error_403():
    error = expect(tweepy.Forbidden, lambda: app.get_me(user_auth=False))
    assert "OAuth 2.0 Application-Only" in str(error), error
    return "Forbidden says which authentication is wanted"


def error_404():
    expect(tweepy.NotFound, lambda: app.request("GET", "/2/nowhere"))
    return "NotFound"


def refused():
    return until(tweepy.TooManyRequests, lambda: app.get_user(username="TwitterDev"))


def error_429():
    headers = refused().response.headers
    assert headers["x-rate-limit-remaining"] == "0" and int(headers["x-rate-limit-limit"]) > 0, headers
    return "TooManyRequests with x-rate-limit-*"


def waits():
    patient = tweepy.Client(env.BEARER_TOKEN, wait_on_rate_limit=True)
    reset = int(refused().response.headers["x-rate-limit-reset"])
    reply = slept_until(reset, lambda: patient.get_user(username="TwitterDev"))
    assert reply.data.username == "TwitterDev", reply
    return "wait_on_rate_limit sleeps until the reset"


def app_only():
    bearer = tweepy.OAuth2AppHandler(*KEYS)._bearer_token
    assert tweepy.Client(bearer).get_user(id=12), bearer
    return "OAuth2AppHandler gets the bearer token"


def oauth1():
    handler = tweepy.OAuth1UserHandler(*KEYS, callback=env.CALLBACK)
    called = visit(handler.get_authorization_url())
    tokens = handler.get_access_token(parameter(called, "oauth_verifier"))
    assert str(tweepy.Client(None, *KEYS, *tokens).get_me().data.id) == env.USER_ID
    return "a callback with a verifier"


def oauth1_pin():
    handler = tweepy.OAuth1UserHandler(*KEYS, callback="oob")
    tokens = handler.get_access_token(visit(handler.get_authorization_url()))
    assert str(tweepy.Client(None, *KEYS, *tokens).get_me().data.id) == env.USER_ID
    return "a PIN"


def signed_in():
    scope = ["tweet.read", "users.read", "offline.access"]
    handler = tweepy.OAuth2UserHandler(
        client_id=env.CLIENT_ID, client_secret=env.CLIENT_SECRET, redirect_uri=env.CALLBACK, scope=scope
    )
    called = visit(handler.get_authorization_url())
    return handler, handler.fetch_token(called)


def oauth2():
    _, token = signed_in()
    assert str(tweepy.Client(token["access_token"]).get_me(user_auth=False).data.id) == env.USER_ID
    return "PKCE with S256"


def oauth2_refresh():
    handler, token = signed_in()
    newer = handler.refresh_token("https://api.twitter.com/2/oauth2/token", auth=handler.auth)
    assert newer["access_token"] != token["access_token"] and newer["refresh_token"] != token["refresh_token"]
    assert str(tweepy.Client(newer["access_token"]).get_me(user_auth=False).data.id) == env.USER_ID
    return "both tokens are new"


check("tweepy", "tweepy", {
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
    "error 404": error_404,
    "error 429": error_429,
    "waits for the reset": waits,
    "app-only token": app_only,
    "OAuth 1.0a sign-in": oauth1,
    "OAuth 1.0a PIN": oauth1_pin,
    "OAuth 2.0 sign-in": oauth2,
    "OAuth 2.0 refresh": oauth2_refresh,
})
