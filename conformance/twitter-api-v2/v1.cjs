// twitter-api-v2: `.v1`, and `.v2.labs`.
"use strict";
const assert = require("node:assert/strict");
const { ApiResponseError, TwitterApi } = require("twitter-api-v2");
const { version } = require("twitter-api-v2/package.json");
const { check, refusal, refusedAtLast, walk } = require("../helpers/claims.cjs");

const { ACCESS_TOKEN, ACCESS_TOKEN_SECRET, BEARER_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, USER_ID } = process.env;
const user = new TwitterApi({
  appKey: CONSUMER_KEY,
  appSecret: CONSUMER_SECRET,
  accessToken: ACCESS_TOKEN,
  accessSecret: ACCESS_TOKEN_SECRET,
});
const app = new TwitterApi(BEARER_TOKEN);
const DEV = "2244994945";

// How many pages a walk took. The paginators ask for their second page again and again, because they
// keep its `next_cursor_str`: so each page is asked for by its own cursor.
const pages = (call, params, idsOf) =>
  walk(async (cursor) => {
    const { data } = await call({ ...params, ...(cursor && { cursor }) });
    const leads = (to) => (to === "0" ? undefined : to);
    return { ids: idsOf(data), next: leads(data.next_cursor_str), previous: leads(data.previous_cursor_str) };
  });

async function refusedWith(status, code, call) {
  const error = await refusal(call);
  assert.ok(error instanceof ApiResponseError, `${error}`);
  assert.deepEqual([error.code, error.errors?.[0].code], [status, code]);
}

check("twitter-api-v2-v1", version, {
  "v1.1 users": async () => {
    const shown = await app.v1.user({ screen_name: "twitterdev", include_entities: false });
    assert.ok(shown.id_str === DEV && shown.created_at.endsWith("+0000 2013") && shown.entities === undefined);
    const found = await user.v1.users({ user_id: [DEV, "1"], screen_name: ["Twitter", "suspended_user"] });
    assert.deepEqual(found.map(({ screen_name }) => screen_name), ["TwitterDev", "Twitter"]);
    const posted = await user.v1.post("users/lookup.json", { user_id: DEV });
    assert.deepEqual(posted.map(({ id_str }) => id_str), [DEV]);
    return "one, and many by id and name, by GET and POST";
  },
  "v1.1 verify_credentials": async () => {
    assert.equal((await user.v1.verifyCredentials({ skip_status: true })).id_str, USER_ID);
    assert.equal((await user.currentUser()).id_str, USER_ID);
    return "the user of the token";
  },
  "v1.1 rate_limit_status": async () => {
    const { resources } = await user.v1.rateLimitStatuses("users", "followers");
    assert.deepEqual(Object.keys(resources).sort(), ["followers", "users"]);
    assert.equal(resources.users["/users/show/:id"].limit, 900);
    return "families that were asked for";
  },
  "v1.1 ids": async () => {
    const followers = (params) => user.v1.userFollowerIds(params);
    assert.ok((await pages(followers, { user_id: DEV, count: 80 }, ({ ids }) => ids.map(String))) > 4);
    const following = (params) => app.v1.userFollowingIds(params);
    assert.ok((await pages(following, { user_id: USER_ID, count: 5 }, ({ ids }) => ids.map(String))) > 2);
    const paginator = await user.v1.userFollowerIds({ user_id: DEV, stringify_ids: true });
    assert.ok(paginator.done && paginator.ids.length > 150 && paginator.ids.every((id) => typeof id === "string"));
    return "to the end and back";
  },
  "v1.1 lists": async () => {
    const idsOf = ({ users }) => users.map(({ id_str }) => id_str);
    assert.ok((await pages((params) => user.v1.userFollowerList(params), { user_id: DEV, count: 60 }, idsOf)) > 3);
    const friends = (params) => user.v1.userFriendList(params);
    assert.ok((await pages(friends, { user_id: USER_ID, count: 5, skip_status: true }, idsOf)) > 2);
    return "to the end and back";
  },
  "v1.1 friendships": async () => {
    const { relationship } = await user.v1.friendship({ source_id: USER_ID, target_screen_name: "Twitter" });
    assert.ok(relationship.target.id_str === "783214" && relationship.source.following === false);
    const [first] = (await user.v1.userFollowingIds({ count: 1, stringify_ids: true })).data.ids;
    const found = await user.v1.friendships({ user_id: [first, "783214"] });
    assert.deepEqual(found.map(({ connections }) => connections.includes("following")), [true, false]);
    return "of two users, and of many with the caller";
  },
  "v1.1 create and destroy": async () => {
    assert.equal((await user.v1.post("friendships/create.json", { screen_name: "Twitter" })).id_str, "783214");
    const friendship = () => user.v1.friendship({ source_id: USER_ID, target_id: "783214" });
    assert.equal((await friendship()).relationship.source.following, true);
    assert.equal((await user.v1.post("friendships/destroy.json", { user_id: "783214" })).id_str, "783214");
    assert.equal((await friendship()).relationship.source.following, false);
    return "by signed forms";
  },
  "v1.1 errors": async () => {
    await refusedWith(404, 50, () => app.v1.user({ user_id: "1" }));
    await refusedWith(403, 63, () => app.v1.user({ screen_name: "suspended_user" }));
    await refusedWith(404, 17, () => app.v1.users({ user_id: "1" }));
    await refusedWith(404, 34, () => app.v1.userFollowerIds({ user_id: "1" }));
    await refusedWith(403, 220, () => app.v1.verifyCredentials());
    await refusedWith(401, 89, () => new TwitterApi("wrong").v1.user({ user_id: "12" }));
    return "ApiResponseError with the code of X";
  },
  "v1.1 error 429": async () => {
    const call = () => app.v1.friendship({ source_id: DEV, target_id: "783214" });
    const { code, rateLimitError, rateLimit, errors } = await refusedAtLast(call);
    assert.ok(code === 429 && rateLimitError && rateLimit.remaining === 0 && errors[0].code === 88);
    return "ApiResponseError with rateLimit";
  },
  "Labs v2": async () => {
    const { labs } = user.v2;
    const { data, errors } = await labs.get("users", { ids: `${DEV},1`, "user.fields": "created_at" });
    assert.ok(data[0].username === "TwitterDev" && data[0].created_at && errors[0].resource_id === "1");
    assert.equal((await labs.get("users/by/username/Twitter")).data.id, "783214");
    assert.deepEqual((await labs.get("users/by", { usernames: "Twitter,TwitterDev" })).data.length, 2);
    assert.equal((await labs.get(`users/${DEV}`)).data.name, data[0].name);
    return "its four paths";
  },
});
