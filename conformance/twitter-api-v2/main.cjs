// twitter-api-v2, with its rate limit plugin.
"use strict";
const assert = require("node:assert/strict");
const { ApiResponseError, TwitterApi } = require("twitter-api-v2");
const { TwitterApiRateLimitPlugin } = require("@twitter-api-v2/plugin-rate-limit");
const { version } = require("twitter-api-v2/package.json");
const { check, parameter, refusal, refusedAtLast, sleepUntil, visit, walk } = require("../helpers/claims.cjs");

const { ACCESS_TOKEN, ACCESS_TOKEN_SECRET, BEARER_TOKEN, CALLBACK, CLIENT_ID, CLIENT_SECRET } = process.env;
const { CONSUMER_KEY, CONSUMER_SECRET, USER_ID } = process.env;
const keys = { appKey: CONSUMER_KEY, appSecret: CONSUMER_SECRET };
const limits = new TwitterApiRateLimitPlugin();
const app = new TwitterApi(BEARER_TOKEN, { plugins: [limits] }).readOnly;
const user = new TwitterApi({ ...keys, accessToken: ACCESS_TOKEN, accessSecret: ACCESS_TOKEN_SECRET }).readOnly;
const byUsername = () => app.v2.userByUsername("TwitterDev");

const writer = new TwitterApi({ ...keys, accessToken: ACCESS_TOKEN, accessSecret: ACCESS_TOKEN_SECRET });

// How many pages a walk took, and how often it had to wait for the end of a window.
async function pages(call, size) {
  let waits = 0;
  const count = await walk(async (token) => {
    const page = () => call({ max_results: size, ...(token && { pagination_token: token }) });
    const { data = [], meta } = await page().catch(async ({ code, rateLimit }) => {
      assert.equal(code, 429);
      waits += 1;
      await sleepUntil(rateLimit.reset);
      return page();
    });
    return { ids: data.map(({ id }) => id), next: meta.next_token, previous: meta.previous_token };
  });
  return { count, waits };
}

async function refusedWith(code, call) {
  const error = await refusal(call);
  assert.ok(error instanceof ApiResponseError, `${error}`);
  assert.equal(error.code, code);
  return error;
}

async function oauth1(callback) {
  const { url, oauth_token: accessToken, oauth_token_secret: accessSecret } = await new TwitterApi(keys).generateAuthLink(callback);
  const back = visit(url);
  const verifier = callback === "oob" ? back : parameter(back, "oauth_verifier");
  const { client, userId } = await new TwitterApi({ ...keys, accessToken, accessSecret }).login(verifier);
  assert.equal(userId, USER_ID);
  assert.equal((await client.currentUserV2()).data.id, USER_ID);
}

const oauth2App = () => new TwitterApi({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });

async function signedIn() {
  const link = oauth2App().generateOAuth2AuthLink(CALLBACK, { scope: ["tweet.read", "users.read", "offline.access"] });
  const back = visit(link.url);
  assert.equal(parameter(back, "state"), link.state);
  return oauth2App().loginWithOAuth2({ code: parameter(back, "code"), codeVerifier: link.codeVerifier, redirectUri: CALLBACK });
}

check("twitter-api-v2", version, {
  "users by ids": async () => {
    const { data, errors } = await app.v2.users(["2244994945", "1", "783214"], { "user.fields": ["created_at"] });
    assert.deepEqual(data.map(({ username }) => username), ["TwitterDev", "Twitter"]);
    assert.deepEqual(errors.map(({ resource_id, parameter }) => [resource_id, parameter]), [["1", "ids"]]);
    return "2 users and 1 problem";
  },
  "users by usernames": async () => {
    const { data, errors } = await user.v2.usersByUsernames(["Twitter", "suspended_user", "TwitterDev"]);
    assert.deepEqual(data.map(({ id }) => id), ["783214", "2244994945"]);
    assert.deepEqual(errors.map(({ value }) => value), ["suspended_user"]);
    return "2 users and 1 problem";
  },
  me: async () => {
    assert.equal((await user.v2.me({ "user.fields": "created_at,verified" })).data.id, USER_ID);
    return "the user of the token";
  },
  expansions: async () => {
    const { data, includes } = await app.v2.users(["2244994945", "6253282"], {
      expansions: ["pinned_tweet_id"],
      "tweet.fields": ["author_id"],
    });
    const pinned = new Map(includes.tweets.map((tweet) => [tweet.id, tweet]));
    for (const user of data) assert.equal(pinned.get(user.pinned_tweet_id).author_id, user.id);
    return "each pinned post is by its user";
  },
  "follow and unfollow": async () => {
    assert.deepEqual(await writer.v2.follow(USER_ID, "783214"), { data: { following: true, pending_follow: false } });
    assert.deepEqual((await app.v2.followers("783214")).data.map(({ id }) => id), [USER_ID]);
    assert.deepEqual(await writer.v2.unfollow(USER_ID, "783214"), { data: { following: false } });
    assert.deepEqual((await app.v2.followers("783214")).meta, { result_count: 0 });
    return "the list shows both";
  },
  followers: async () => {
    assert.ok((await pages((params) => app.v2.followers("2244994945", params), 50)).waits > 0);
    await sleepUntil(Date.now() / 1000 + 4);
    const paginator = await app.v2.followers("2244994945", { asPaginator: true, max_results: 100 });
    while (!paginator.done) await paginator.fetchNext();
    assert.ok(paginator.users.length > 100 && paginator.users[0].id === "6253282");
    return "to the end and back, with a sleep until rateLimit.reset on the way, and by the paginator";
  },
  following: async () => {
    assert.ok((await pages((params) => user.v2.following(USER_ID, params), 5)).count > 2);
    return "to the end and back";
  },
  "programs of the documentation": "X's page of followers has no program for it",
  "error 400": async () => {
    const { errors } = await refusedWith(400, () => app.v2.users(["not-an-id"]));
    assert.deepEqual(errors[0].parameters, { ids: ["not-an-id"] });
    return "ApiResponseError names the parameter";
  },
  "error 401": async () => {
    const error = await refusedWith(401, () => new TwitterApi("wrong").v2.user("12"));
    assert.ok(error.isAuthError);
    return "ApiResponseError with isAuthError";
  },
  "error 403": async () => {
    const { data } = await refusedWith(403, () => app.v2.me());
    assert.equal(data.title, "Unsupported Authentication");
    return "ApiResponseError with the title";
  },
  "error 404": async () => {
    await refusedWith(404, () => app.v2.get("nowhere"));
    return "ApiResponseError";
  },
  "error 429": async () => {
    const { code, rateLimitError, rateLimit } = await refusedAtLast(byUsername);
    assert.ok(code === 429 && rateLimitError && rateLimit.remaining === 0 && rateLimit.limit > 0);
    return "ApiResponseError with rateLimit";
  },
  "waits for the reset": async () => {
    await refusedAtLast(byUsername);
    // The plugin's shorthand for v2 has the host of earlier releases built in.
    const limit = await limits.getRateLimit("https://api.x.com/2/users/by/username/:username");
    assert.ok(limits.hasHitRateLimit(limit));
    await sleepUntil(limit.reset);
    assert.equal((await byUsername()).data.username, "TwitterDev");
    return "after a sleep until the reset that the plugin knows";
  },
  "app-only token": async () => {
    const client = await new TwitterApi(keys).appLogin();
    assert.equal((await client.v2.user("783214")).data.username, "Twitter");
    return "appLogin gets the bearer token";
  },
  "OAuth 1.0a sign-in": async () => {
    await oauth1(CALLBACK);
    return "a callback with a verifier";
  },
  "OAuth 1.0a PIN": async () => {
    await oauth1("oob");
    return "a PIN";
  },
  "OAuth 2.0 sign-in": async () => {
    const { client, scope } = await signedIn();
    assert.deepEqual(scope.sort(), ["offline.access", "tweet.read", "users.read"]);
    assert.equal((await client.v2.me()).data.id, USER_ID);
    return "PKCE with s256";
  },
  "OAuth 2.0 refresh": async () => {
    const before = await signedIn();
    const after = await oauth2App().refreshOAuth2Token(before.refreshToken);
    assert.notEqual(after.accessToken, before.accessToken);
    assert.notEqual(after.refreshToken, before.refreshToken);
    assert.equal((await after.client.v2.me()).data.id, USER_ID);
    await oauth2App().revokeOAuth2Token(after.accessToken);
    await refusedWith(401, () => after.client.v2.me());
    return "both tokens are new, and end when they are revoked";
  },
});
