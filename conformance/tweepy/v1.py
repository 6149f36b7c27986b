"""tweepy: `API`, for v1.1."""

import os
from types import SimpleNamespace

import tweepy
from claims import check, expect, until, walk

env = SimpleNamespace(**os.environ)
keys = (env.CONSUMER_KEY, env.CONSUMER_SECRET, env.ACCESS_TOKEN, env.ACCESS_TOKEN_SECRET)
user = tweepy.API(tweepy.OAuth1UserHandler(*keys))
app = tweepy.API(tweepy.OAuth2BearerHandler(env.BEARER_TOKEN))
TWITTER_DEV = 2244994945


def users():
    shown = app.get_user(screen_name="twitterdev", include_entities=False)
    assert shown.id == TWITTER_DEV and shown.created_at.year == 2013, shown
    assert not hasattr(shown, "entities") and shown._json["following"] is None, shown
    found = user.lookup_users(user_id=[TWITTER_DEV, 1], screen_name=["Twitter", "suspended_user"])
    assert [user.screen_name for user in found] == ["TwitterDev", "Twitter"], found
    assert found[0].entities["description"] is not None and found[0].following in (True, False)
    return "one, and many by id and name"


def verify_credentials():
    me = user.verify_credentials(skip_status=True)
    assert me.id_str == env.USER_ID and not hasattr(me, "status"), me
    return "the user of the token"


def rate_limit_status():
    user.get_user(user_id=TWITTER_DEV)
    resources = user.rate_limit_status(resources="users,followers")["resources"]
    assert set(resources) == {"users", "followers"}, resources
    shown = resources["users"]["/users/show/:id"]
    assert shown["limit"] == 900 and shown["remaining"] < 900, shown
    return "families that were asked for, with what is left"


def there_and_back(function, ids_of, **options):
    def page(cursor):
        things, (previous, following) = function(cursor=cursor or -1, **options)
        return ids_of(things), following or None, previous or None

    return walk(page)


def ids():
    everybody = [id for page in tweepy.Cursor(app.get_follower_ids, user_id=TWITTER_DEV, count=40).pages() for id in page]
    assert len(everybody) > 100 and len(set(everybody)) == len(everybody), everybody
    [whole] = tweepy.Cursor(user.get_follower_ids, user_id=TWITTER_DEV).pages()
    assert whole == everybody, whole
    strings = user.get_follower_ids(user_id=TWITTER_DEV, stringify_ids=True, count=3)
    assert strings == [str(id) for id in everybody[:3]], strings
    assert there_and_back(user.get_follower_ids, list, user_id=TWITTER_DEV, count=40) > 4
    assert there_and_back(app.get_friend_ids, list, user_id=env.USER_ID, count=5) > 2
    return "by Cursor to the end, and back by its cursors"


def lists():
    named = list(tweepy.Cursor(app.get_followers, user_id=TWITTER_DEV, count=50, skip_status=True).items())
    assert len(named) > 100 and all(follower.screen_name for follower in named), named
    ids_of = lambda users: [user.id for user in users]
    assert there_and_back(user.get_followers, ids_of, user_id=TWITTER_DEV, count=60) > 3
    assert there_and_back(user.get_friends, ids_of, user_id=env.USER_ID, count=5) > 2
    return "by Cursor to the end, and back by its cursors"


def friendships():
    source, target = user.get_friendship(target_screen_name="Twitter")
    assert source.id_str == env.USER_ID and target.id == 783214 and source.following is False, (source, target)
    first = user.get_friend_ids(count=1)[0]
    [followed, other] = user.lookup_friendships(user_id=[first, 783214])
    assert followed.is_following and not other.is_following, (followed, other)
    return "of two users, and of many with the caller"


def create_and_destroy():
    assert user.create_friendship(screen_name="Twitter").id == 783214
    assert user.get_friend_ids()[0] == 783214
    assert user.get_friendship(target_id=783214)[0].following is True
    assert user.destroy_friendship(user_id=783214).id == 783214
    assert user.get_friendship(target_id=783214)[0].following is False
    return "the list shows both"


def errors():
    for kind, codes, call in [
        (tweepy.NotFound, [50], lambda: app.get_user(user_id=1)),
        (tweepy.Forbidden, [63], lambda: app.get_user(screen_name="suspended_user")),
        (tweepy.NotFound, [17], lambda: app.lookup_users(user_id=[1])),
        (tweepy.NotFound, [34], lambda: app.get_follower_ids(user_id=1)),
        (tweepy.Forbidden, [220], lambda: app.verify_credentials()),
        (tweepy.Forbidden, [158], lambda: user.create_friendship(user_id=env.USER_ID)),
        (tweepy.Unauthorized, [89], lambda: tweepy.API(tweepy.OAuth2BearerHandler("wrong")).get_user(user_id=12)),
    ]:
        error = expect(kind, call)
        assert error.api_codes == codes, (error.api_codes, codes)
    return "each exception has the code of X"


def error_429():
    error = until(tweepy.TooManyRequests, lambda: app.get_friendship(source_id=TWITTER_DEV, target_id=783214))
    assert error.api_codes == [88] and error.response.headers["x-rate-limit-remaining"] == "0", error
    return "TooManyRequests with x-rate-limit-*"


check("tweepy-v1", "tweepy", {
    "v1.1 users": users,
    "v1.1 verify_credentials": verify_credentials,
    "v1.1 rate_limit_status": rate_limit_status,
    "v1.1 ids": ids,
    "v1.1 lists": lists,
    "v1.1 friendships": friendships,
    "v1.1 create and destroy": create_and_destroy,
    "v1.1 errors": errors,
    "v1.1 error 429": error_429,
    "Labs v2": "tweepy has nothing for it",
})
