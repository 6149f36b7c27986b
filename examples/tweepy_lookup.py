# Prints two users with their pinned posts. Needs: pip install tweepy
# Run it with: birdbox run -- python3 examples/tweepy_lookup.py

import os

import tweepy

client = tweepy.Client(os.environ["BEARER_TOKEN"])
reply = client.get_users(
    usernames=["TwitterDev", "TwitterAPI", "nobody_at_all"],
    expansions=["pinned_tweet_id"],
)
pinned = {tweet.id: tweet.text for tweet in reply.includes["tweets"]}
for user in reply.data:
    print(f"@{user.username}, {user.name}: {pinned.get(user.pinned_tweet_id, '')}")
for problem in reply.errors:
    print(problem["detail"])
