"""tweepy: `AsyncClient`. Tokens come from the handlers that main.py checks."""

import asyncio
import os
from types import SimpleNamespace

import tweepy
from claims import check, expect, slept_until, until, walk
from tweepy.asynchronous import AsyncClient

env = SimpleNamespace(**os.environ)
app = AsyncClient(env.BEARER_TOKEN)
user = AsyncClient(None, env.CONSUMER_KEY, env.CONSUMER_SECRET, env.ACCESS_TOKEN, env.ACCESS_TOKEN_SECRET)
run = asyncio.run


def users_by_ids():
    reply = run(app.get_users(ids=[2244994945, 1, 783214], user_fields=["created_at"]))
    assert [user.username for user in reply.data] == ["TwitterDev", "Twitter"], reply
    assert [problem["resource_id"] for problem in reply.errors] == ["1"], reply
    return "2 users and 1 problem"


def users_by_usernames():
    reply = run(user.get_users(usernames=["Twitter", "suspended_user", "TwitterDev"], user_auth=True))
    assert [user.id for user in reply.data] == [783214, 2244994945], reply
    assert [problem["value"] for problem in reply.errors] == ["suspended_user"], reply
    return "2 users and 1 problem"


def me():
    assert str(run(user.get_me()).data.id) == env.USER_ID
    return "the user of the token"


def expansions():
    reply = run(app.get_users(ids=[2244994945, 6253282], expansions="pinned_tweet_id", tweet_fields="author_id"))
    pinned = {tweet.id: tweet for tweet in reply.includes["tweets"]}
    for owner in reply.data:
        assert pinned[owner.pinned_tweet_id].author_id == owner.id, (owner, pinned)
    return "each pinned post is by its user"


def followers():
    patient = AsyncClient(env.BEARER_TOKEN, wait_on_rate_limit=True)

    def page(token):
        reply = run(patient.get_users_followers(2244994945, max_results=50, pagination_token=token))
        return [user.id for user in reply.data or []], reply.meta.get("next_token"), reply.meta.get("previous_token")

    assert walk(page) > 3
    return "to the end and back; wait_on_rate_limit sleeps on the way"


def following():
    def page(token):
        reply = run(user.get_users_following(env.USER_ID, max_results=5, pagination_token=token, user_auth=True))
        return [user.id for user in reply.data or []], reply.meta.get("next_token"), reply.meta.get("previous_token")

    assert walk(page) > 2
    return "to the end and back"


def follow():
    assert run(user.follow_user(783214)).data == {"following": True, "pending_follow": False}
    assert run(user.unfollow_user(783214)).data == {"following": False}
    return "the replies say so"


def error_400():
    error = expect(tweepy.BadRequest, lambda: run(app.get_users(ids=["not-an-id"])))
    assert "[not-an-id]" in error.api_messages[0], error.api_messages
    return "BadRequest names the value"


def error_401():
    expect(tweepy.Unauthorized, lambda: run(AsyncClient("wrong").get_user(id=12)))
    return "Unauthorized"


def error_403():
    expect(tweepy.Forbidden, lambda: run(app.get_me(user_auth=False)))
    return "Forbidden"


def error_404():
    expect(tweepy.NotFound, lambda: run(app.request("GET", "/2/nowhere")))
    return "NotFound"


def refused():
    return until(tweepy.TooManyRequests, lambda: run(app.get_user(username="TwitterDev")))


def error_429():
    assert refused().reset_time > 0
    return "TooManyRequests with reset_time"


def waits():
    patient = AsyncClient(env.BEARER_TOKEN, wait_on_rate_limit=True)
    reply = slept_until(refused().reset_time, lambda: run(patient.get_user(username="TwitterDev")))
    assert reply.data.username == "TwitterDev", reply
    return "wait_on_rate_limit sleeps until the reset"


HANDLERS = "the handlers of tweepy are not asynchronous"

check("tweepy-async", "tweepy", {
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
    "app-only token": HANDLERS,
    "OAuth 1.0a sign-in": HANDLERS,
    "OAuth 1.0a PIN": HANDLERS,
    "OAuth 2.0 sign-in": HANDLERS,
    "OAuth 2.0 refresh": HANDLERS,
})
