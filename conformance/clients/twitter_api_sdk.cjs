// The official TypeScript SDK: PKCE, a request, refresh, revocation.
//
// Its authorize page has a built-in host; nothing else of what it makes is changed.
"use strict";
const assert = require("node:assert/strict");
const { Client, auth } = require("twitter-api-sdk");
const { visit } = require("./browser.cjs");

const { BASE_URL, CALLBACK, CLIENT_ID, CLIENT_SECRET } = process.env;
const options = { base_url: BASE_URL };

function user() {
  return new auth.OAuth2User({
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    callback: CALLBACK,
    scopes: ["tweet.read", "users.read", "offline.access"],
    request_options: options,
  });
}

async function authorize(user, parameters) {
  const url = user.generateAuthURL({ state: "my-state", ...parameters }).replace("https://twitter.com", BASE_URL);
  const { called } = await visit(url, "allow", `sdk-${parameters.code_challenge_method}`);
  const back = new URL(called);
  assert.equal(back.searchParams.get("state"), "my-state");
  await user.requestAccessToken(back.searchParams.get("code"));
}

const lookup = (user) => new Client(user, options).users.findUserByUsername("TwitterDev", {}, options);

const checks = {
  "twitter-api-sdk: PKCE with s256, a request, refresh, revocation": async () => {
    const me = user();
    await authorize(me, { code_challenge_method: "s256" });
    assert.equal((await lookup(me)).data.username, "TwitterDev");
    const before = { ...me.token };
    await me.refreshAccessToken();
    assert.notEqual(me.token.access_token, before.access_token);
    assert.notEqual(me.token.refresh_token, before.refresh_token);
    assert.equal((await lookup(me)).data.username, "TwitterDev");
    assert.deepEqual(await me.revokeAccessToken(), { revoked: true });
    await assert.rejects(lookup(me), (error) => error.status === 401);
  },
  "twitter-api-sdk: PKCE with the plain challenge of its examples": async () => {
    const me = user();
    await authorize(me, { code_challenge_method: "plain", code_challenge: "challenge" });
    assert.equal((await lookup(me)).data.username, "TwitterDev");
  },
  "twitter-api-sdk: a refresh token that was used ends the family": async () => {
    const me = user();
    await authorize(me, { code_challenge_method: "plain", code_challenge: "challenge" });
    const old = { ...me.token };
    await me.refreshAccessToken();
    const newer = { ...me.token };
    me.token = old;
    await assert.rejects(me.refreshAccessToken(), (error) => error.status === 400 && error.error.error === "invalid_request");
    me.token = newer;
    await assert.rejects(lookup(me), (error) => error.status === 401);
  },
};

async function main() {
  let [passed, failed] = [0, 0];
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      passed += 1;
      console.log(`ok     ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}`);
      console.error(error);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
