// @xdevplatform/xdk, X's own SDK for TypeScript: the vocabulary of posts.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { ApiError, Client, OAuth1, OAuth2, generateCodeChallenge, generateCodeVerifier } = require("@xdevplatform/xdk");
const { check, parameter, refusal, refusedAtLast, sleepUntil, visit, walk } = require("../helpers/claims.cjs");

// The package does not export its package.json.
const manifest = path.join(require.resolve("@xdevplatform/xdk"), "../../package.json");
const { version } = JSON.parse(fs.readFileSync(manifest, "utf8"));
const { ACCESS_TOKEN, ACCESS_TOKEN_SECRET, BEARER_TOKEN, CALLBACK, CLIENT_ID, CLIENT_SECRET } = process.env;
const keys = { apiKey: process.env.CONSUMER_KEY, apiSecret: process.env.CONSUMER_SECRET, callback: CALLBACK };
const app = new Client({ bearerToken: BEARER_TOKEN });
const byUsername = () => app.users.getByUsername("TwitterDev");

const me = async (client) => (await client.users.getMe()).data.id;
const signedBy = (accessToken, accessTokenSecret) => new Client({ oauth1: new OAuth1({ ...keys, accessToken, accessTokenSecret }) });

async function refusedWith(status, call) {
  const error = await refusal(call);
  assert.ok(error instanceof ApiError, `${error}`);
  assert.equal(error.status, status);
  return error;
}

// How many pages a walk took, and how often it had to wait for the end of a window.
async function pages(call, size) {
  let waits = 0;
  const count = await walk(async (token) => {
    const page = () => call({ maxResults: size, paginationToken: token });
    const { data = [], meta } = await page().catch(async (error) => {
      assert.equal(error.status, 429);
      waits += 1;
      await sleepUntil(Number(error.headers.get("x-rate-limit-reset")));
      return page();
    });
    return { ids: data.map(({ id }) => id), next: meta.nextToken, previous: meta.previousToken };
  });
  return { count, waits };
}

async function oauth1(callback) {
  const handler = new OAuth1({ ...keys, callback });
  const back = visit(await handler.startOAuthFlow());
  const token = await handler.getAccessToken(callback === "oob" ? back : parameter(back, "oauth_verifier"));
  // The handler goes on signing with the secret of the request token, so its user makes a new one.
  assert.equal(await me(signedBy(token.accessToken, token.accessTokenSecret)), process.env.USER_ID);
}

async function signedIn() {
  const scope = ["tweet.read", "users.read", "offline.access"];
  const handler = new OAuth2({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUri: CALLBACK, scope });
  const verifier = generateCodeVerifier();
  await handler.setPkceParameters(verifier, await generateCodeChallenge(verifier));
  const back = visit(await handler.getAuthorizationUrl("my-state"));
  assert.equal(parameter(back, "state"), "my-state");
  return [handler, await handler.exchangeCode(parameter(back, "code"), verifier)];
}

check("xdk-typescript", version, {
  "users by ids": async () => {
    const { data, errors } = await app.users.getByIds(["2244994945", "1", "783214"], { userFields: ["public_metrics"] });
    assert.deepEqual(data.map(({ username }) => username), ["TwitterDev", "Twitter"]);
    assert.ok(data.every(({ publicMetrics }) => publicMetrics.postCount !== undefined));
    assert.deepEqual(errors.map(({ resourceId, parameter }) => [resourceId, parameter]), [["1", "ids"]]);
    return "2 users and 1 problem, with post_count";
  },
  "users by usernames": async () => {
    const { data, errors } = await app.users.getByUsernames(["Twitter", "suspended_user", "TwitterDev"]);
    assert.deepEqual(data.map(({ id }) => id), ["783214", "2244994945"]);
    assert.deepEqual(errors.map(({ value }) => value), ["suspended_user"]);
    return "2 users and 1 problem";
  },
  me: async () => {
    assert.equal(await me(signedBy(ACCESS_TOKEN, ACCESS_TOKEN_SECRET)), process.env.USER_ID);
    return "the user of the token";
  },
  expansions: async () => {
    const ids = ["2244994945", "6253282"];
    const { data, includes } = await app.users.getByIds(ids, { expansions: ["pinned_post_id"], postFields: ["created_at"] });
    const pinned = new Map(includes.posts.map((post) => [post.id, post]));
    for (const user of data) assert.ok(pinned.get(user.pinnedPostId).createdAt);
    return "each pinned post is there";
  },
  "follow and unfollow": async () => {
    const { users } = signedBy(ACCESS_TOKEN, ACCESS_TOKEN_SECRET);
    const { data: followed } = await users.followUser(process.env.USER_ID, { targetUserId: "783214" });
    assert.deepEqual([followed.following, followed.pendingFollow], [true, false]);
    const { data: ended } = await users.unfollowUser(process.env.USER_ID, "783214");
    assert.equal(ended.following, false);
    return "the replies say so";
  },
  followers: async () => {
    assert.ok((await pages((options) => app.users.getFollowers("2244994945", options), 50)).waits > 0);
    return "to the end and back, with a sleep until x-rate-limit-reset on the way";
  },
  following: async () => {
    const user = signedBy(ACCESS_TOKEN, ACCESS_TOKEN_SECRET);
    assert.ok((await pages((options) => user.users.getFollowing(process.env.USER_ID, options), 5)).count > 2);
    return "to the end and back";
  },
  "programs of the documentation": "X's page of followers has no program for it",
  "error 400": async () => {
    const { data } = await refusedWith(400, () => app.users.getByIds(["not-an-id"]));
    assert.deepEqual(data.errors[0].parameters, { ids: ["not-an-id"] });
    return "ApiError names the parameter";
  },
  "error 401": async () => {
    const { data } = await refusedWith(401, () => new Client({ bearerToken: "wrong" }).users.getById("12"));
    assert.equal(data.title, "Unauthorized");
    return "ApiError with the title";
  },
  "error 403": async () => {
    const { data } = await refusedWith(403, () => me(new Client({ accessToken: BEARER_TOKEN })));
    assert.equal(data.title, "Unsupported Authentication");
    return "ApiError with the title";
  },
  "error 404": async () => {
    await refusedWith(404, () => app.request("GET", "/2/nowhere"));
    return "ApiError";
  },
  "error 429": async () => {
    const { status, headers } = await refusedAtLast(byUsername);
    assert.deepEqual([status, headers.get("x-rate-limit-remaining")], [429, "0"]);
    return "ApiError with x-rate-limit-*";
  },
  "waits for the reset": async () => {
    const { headers } = await refusedAtLast(byUsername);
    await sleepUntil(Number(headers.get("x-rate-limit-reset")));
    assert.equal((await byUsername()).data.username, "TwitterDev");
    return "after a sleep until x-rate-limit-reset";
  },
  "app-only token": "it asks for no bearer token",
  "OAuth 1.0a sign-in": async () => {
    await oauth1(CALLBACK);
    return "a callback with a verifier";
  },
  "OAuth 1.0a PIN": async () => {
    await oauth1("oob");
    return "a PIN";
  },
  "OAuth 2.0 sign-in": async () => {
    const [, token] = await signedIn();
    assert.equal(await me(new Client({ accessToken: token.access_token })), process.env.USER_ID);
    return "PKCE with S256";
  },
  "OAuth 2.0 refresh": async () => {
    const [handler, token] = await signedIn();
    const newer = await handler.refreshToken();
    assert.notEqual(newer.access_token, token.access_token);
    assert.notEqual(newer.refresh_token, token.refresh_token);
    assert.equal(await me(new Client({ accessToken: newer.access_token })), process.env.USER_ID);
    return "both tokens are new";
  },
});
