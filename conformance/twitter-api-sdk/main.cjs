// twitter-api-sdk, X's former SDK for TypeScript.
"use strict";
const assert = require("node:assert/strict");
const { Client, auth } = require("twitter-api-sdk");
const { version } = require("twitter-api-sdk/package.json");
const { check, parameter, refusal, refusedAtLast, visit, walk } = require("../helpers/claims.cjs");

const { BEARER_TOKEN, CALLBACK, CLIENT_ID, CLIENT_SECRET, USER_ID } = process.env;
const app = new Client(BEARER_TOKEN);
const byUsername = (options) => app.users.findUserByUsername("TwitterDev", {}, options);

async function signedIn(challenge, ...more) {
  const user = new auth.OAuth2User({
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    callback: CALLBACK,
    scopes: ["tweet.read", "users.read", "offline.access", ...more],
  });
  const called = visit(user.generateAuthURL({ state: "my-state", ...challenge }));
  assert.equal(parameter(called, "state"), "my-state");
  await user.requestAccessToken(parameter(called, "code"));
  return user;
}

const me = async (user) => (await new Client(user).users.findMyUser()).data.id;

const pages = (call, size) =>
  walk(async (token) => {
    const { data = [], meta } = await call({ max_results: size, pagination_token: token });
    return { ids: data.map(({ id }) => id), next: meta.next_token, previous: meta.previous_token };
  });

check("twitter-api-sdk", version, {
  "users by ids": async () => {
    const { data, errors } = await app.users.findUsersById({ ids: ["2244994945", "1", "783214"], "user.fields": ["created_at"] });
    assert.deepEqual(data.map(({ username }) => username), ["TwitterDev", "Twitter"]);
    assert.deepEqual(errors.map(({ resource_id, parameter }) => [resource_id, parameter]), [["1", "ids"]]);
    return "2 users and 1 problem";
  },
  "users by usernames": async () => {
    const { data, errors } = await app.users.findUsersByUsername({ usernames: ["Twitter", "suspended_user", "TwitterDev"] });
    assert.deepEqual(data.map(({ id }) => id), ["783214", "2244994945"]);
    assert.deepEqual(errors.map(({ value }) => value), ["suspended_user"]);
    return "2 users and 1 problem";
  },
  me: async () => {
    assert.equal(await me(await signedIn({ code_challenge_method: "s256" })), USER_ID);
    return "the user of the token";
  },
  expansions: async () => {
    const { data, includes } = await app.users.findUsersById({
      ids: ["2244994945", "6253282"],
      expansions: ["pinned_tweet_id"],
      "tweet.fields": ["author_id"],
    });
    const pinned = new Map(includes.tweets.map((tweet) => [tweet.id, tweet]));
    for (const user of data) assert.equal(pinned.get(user.pinned_tweet_id).author_id, user.id);
    return "each pinned post is by its user";
  },
  "follow and unfollow": async () => {
    const user = new Client(await signedIn({ code_challenge_method: "s256" }, "follows.write"));
    const followed = await user.users.usersIdFollow(USER_ID, { target_user_id: "783214" });
    assert.deepEqual(followed, { data: { following: true, pending_follow: false } });
    assert.deepEqual((await app.users.usersIdFollowers("783214")).data.map(({ id }) => id), [USER_ID]);
    assert.deepEqual(await user.users.usersIdUnfollow(USER_ID, "783214"), { data: { following: false } });
    assert.deepEqual(await app.users.usersIdFollowers("783214"), { meta: { result_count: 0 } });
    return "the list shows both";
  },
  followers: async () => {
    const call = (params) => app.users.usersIdFollowers("2244994945", params, { max_retries: 1 });
    // The limit is one of three pages here.
    assert.ok((await pages(call, 50)) > 3);
    return "to the end and back; max_retries sleeps on the way";
  },
  following: async () => {
    const user = new Client(await signedIn({ code_challenge_method: "s256" }, "follows.read"));
    assert.ok((await pages((params) => user.users.usersIdFollowing(USER_ID, params), 5)) > 2);
    return "to the end and back";
  },
  // The two of X's page of followers: with default fields, and with optional ones.
  "programs of the documentation": async () => {
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const all = await app.users.usersIdFollowers("2244994945");
    assert.deepEqual([all.data.length, all.data[0].username], [100, "TwitterAPI"]);
    const ten = await app.users.usersIdFollowers("2244994945", {
      "user.fields": ["created_at"],
      "tweet.fields": ["created_at"],
      expansions: ["pinned_tweet_id"],
      max_results: 10,
    });
    assert.deepEqual([ten.meta.result_count, ten.data[9].username], [10, "TwitterData"]);
    assert.equal(ten.data[1].created_at, "2013-12-14T04:35:55.000Z");
    assert.ok(ten.includes.tweets.every((tweet) => tweet.created_at));
    return "with default and with optional fields";
  },
  "error 400": async () => {
    const { status, error } = await refusal(() => app.users.findUsersById({ ids: ["not-an-id"] }));
    assert.equal(status, 400);
    assert.deepEqual(error.errors[0].parameters, { ids: ["not-an-id"] });
    return "the error names the parameter";
  },
  "error 401": async () => {
    const { status, error } = await refusal(() => new Client("wrong").users.findUserById("12"));
    assert.deepEqual([status, error.title], [401, "Unauthorized"]);
    return "the error has status and title";
  },
  "error 403": async () => {
    const { status, error } = await refusal(() => app.users.findMyUser());
    assert.deepEqual([status, error.title], [403, "Unsupported Authentication"]);
    return "the error has status and title";
  },
  "error 404": "it makes no path that is not there",
  "error 429": async () => {
    const { status, headers } = await refusedAtLast(byUsername);
    assert.deepEqual([status, headers["x-rate-limit-remaining"]], [429, "0"]);
    return "the error has x-rate-limit-*";
  },
  "waits for the reset": async () => {
    const { headers } = await refusedAtLast(byUsername);
    assert.equal((await byUsername({ max_retries: 1 })).data.username, "TwitterDev");
    assert.ok(Date.now() >= headers["x-rate-limit-reset"] * 1000);
    return "max_retries sleeps until the reset";
  },
  "app-only token": "it asks for no bearer token",
  "OAuth 1.0a sign-in": "it has no OAuth 1.0a",
  "OAuth 1.0a PIN": "it has no OAuth 1.0a",
  "OAuth 2.0 sign-in": async () => {
    assert.equal(await me(await signedIn({ code_challenge_method: "plain", code_challenge: "challenge" })), USER_ID);
    return "PKCE with s256 and with plain";
  },
  "OAuth 2.0 refresh": async () => {
    const user = await signedIn({ code_challenge_method: "s256" });
    const before = { ...user.token };
    await user.refreshAccessToken();
    assert.notEqual(user.token.access_token, before.access_token);
    assert.notEqual(user.token.refresh_token, before.refresh_token);
    assert.equal(await me(user), USER_ID);
    assert.deepEqual(await user.revokeAccessToken(), { revoked: true });
    assert.equal((await refusal(() => me(user))).status, 401);
    return "both tokens are new, and end when they are revoked";
  },
});
