// Somebody who reads the reference: the operations, one of them in full, the errors, and what Postman
// imports.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const { heading, look, press, reach, run, type, visitor } = require("./walk.cjs");

const { BASE_URL } = process.env;

run({
  "an operation is found and read": async () => {
    const page = await visitor();
    await page.goto(`${BASE_URL}/portal`);
    await press(page, "nav a[href='/portal/reference']");
    assert.equal(await heading(page), "Reference");
    await look(page, "reference");
    await type(page, "#q", "nothing at all");
    await press(page, ".find button");
    assert.match(await page.locator("main").innerText(), /Nothing has/);
    await look(page, "reference-nothing");
    await type(page, "#q", "get username");
    await press(page, ".find button");
    await look(page, "reference-found");
    await press(page, "a[href='/portal/reference/getUsersByUsernames']");
    assert.equal(await heading(page), "Get users by usernames");
    assert.match(await page.locator("main").innerText(), /X Developers/);
    await look(page, "reference-operation");
    for (const details of await page.locator("summary").all()) {
      await details.focus();
      await page.keyboard.press("Space");
    }
    await look(page, "reference-operation-words");
    const live = await page.locator("a", { hasText: "Try a live request" }).getAttribute("href");
    assert.equal(live, "/portal/explorer/getUsersByUsernames?auth=app&p.usernames=XDevelopers,API,adsapi&p.user.fields=created_at&p.expansions=pinned_tweet_id&p.tweet.fields=created_at");
  },
  "operations of every API are shown": async () => {
    const page = await visitor();
    for (const name of ["getUsersMe", "followUser", "labsGetUsersByIds", "v1FollowersList", "tweetBinderProfilesByAlias"]) {
      await page.goto(`${BASE_URL}/portal/reference/${name}`);
      await look(page, `reference-${name}`);
    }
  },
  "the collection is downloaded by the button": async () => {
    const page = await visitor();
    await page.goto(`${BASE_URL}/portal/reference/getUsersMe`);
    const button = await reach(page, "main .actions a[download]");
    assert.equal(await button.innerText(), "Run in Postman");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    assert.equal(download.suggestedFilename(), "X-API-v2.postman_collection.json");
    const collection = JSON.parse(fs.readFileSync(await download.path(), "utf8"));
    assert.equal(collection.variable[0].value, BASE_URL);
  },
  "an error is found with what to do about it": async () => {
    const page = await visitor();
    await page.goto(`${BASE_URL}/portal/reference`);
    await press(page, "a[href='/portal/reference/errors']");
    assert.equal(await heading(page), "Errors");
    await look(page, "errors");
    await type(page, "#q", "protected");
    await press(page, ".find button");
    await page.locator("summary").first().focus();
    await page.keyboard.press("Space");
    await look(page, "errors-found");
    await type(page, "#q", "no such words");
    await press(page, ".find button");
    await look(page, "errors-nothing");
  },
});
