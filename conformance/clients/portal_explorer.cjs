// People in the API explorer: the two requests of the quick start, by keyboard, and what is copied from there.
"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { enter, heading, look, press, reach, run, signIn, type, visitor } = require("./walk.cjs");

const { BASE_URL, OTHER_LINK, PORTAL_LINK, USERNAME } = process.env;

// Presses a button that htmx answers in place.
async function send(page, selector) {
  await reach(page, selector);
  const replied = page.waitForResponse((response) => response.url().includes("/portal/explorer/"));
  await page.keyboard.press("Enter");
  await replied;
  await page.waitForFunction(() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling"));
}

const reply = async (page) => JSON.parse(await page.locator("#body").innerText());
const status = (page) => page.locator("#reply .state").innerText();

// Runs the line that is in the tab of curl, as somebody would who copies it.
async function copiedCurl(page) {
  await reach(page, "#code-curl");
  const selected = await page.evaluate(() => {
    document.activeElement.select();
    return document.activeElement.value;
  });
  return JSON.parse(execFileSync("sh", ["-c", selected], { encoding: "utf8" }));
}

run({
  "explorer: the two requests of the quick start, sent and copied": async () => {
    const page = await visitor();
    await enter(page, PORTAL_LINK);
    await press(page, "nav a[href='/portal/explorer']");
    assert.equal(await heading(page), "API explorer");
    await look(page, "explorer");
    await type(page, "#q", "users by usernames");
    await page.waitForFunction(() => document.querySelectorAll("#operations li").length === 2);
    await look(page, "explorer-filtered");
    await press(page, "a[href='/portal/explorer/getUsersByUsernames']");
    assert.equal(await heading(page), "Get users by usernames");
    await look(page, "explorer-operation");
    await send(page, "#send");
    assert.equal(await status(page), "400 Bad Request");
    await look(page, "explorer-error");
    await type(page, "#p-usernames", "XDevelopers,API,adsapi");
    for (const [name, word] of [["user.fields", "created_at"], ["expansions", "pinned_tweet_id"], ["tweet.fields", "created_at"]]) {
      await press(page, `details:has([name='p.${name}']) > summary`, "Space");
      await press(page, `[name='p.${name}'][value='${word}']`, "Space");
    }
    await send(page, "#send");
    assert.equal(await status(page), "200 OK");
    assert.equal(await page.evaluate(() => document.activeElement.id), "reply", "the focus is where the reply begins");
    const first = await reply(page);
    assert.ok(first.data.length > 0);
    assert.deepEqual(await copiedCurl(page), first);
    assert.match(page.url(), /p\.usernames=XDevelopers,API,adsapi&p\.user\.fields=created_at&p\.expansions=pinned_tweet_id&p\.tweet\.fields=created_at$/);
    await look(page, "explorer-reply");
    for (const word of ["twurl", "typescript", "java", "python", "rust"]) {
      await press(page, `#tab-${word} summary`, "Space");
      assert.equal(await page.locator(".tabs details[open]").count(), 1);
      await look(page, `explorer-code-${word}`);
    }
    await press(page, "section:has(#reply) details summary", "Space");
    assert.match(await page.locator("dl.headers").innerText(), /x-rate-limit-remaining|x-access-level/);
    await look(page, "explorer-headers");

    const link = await page.locator("#restore").getAttribute("href");
    await page.goto(`${BASE_URL}${link}`);
    assert.equal(await page.inputValue("#p-usernames"), "XDevelopers,API,adsapi");
    assert.ok(await page.isChecked("[name='p.user.fields'][value='created_at']"));
    await send(page, "#send");
    assert.deepEqual(await reply(page), first);

    await press(page, ".crumbs a");
    assert.match(await page.locator("section:has(#history)").innerText(), /getUsersByUsernames/);
    await look(page, "explorer-history");
    await press(page, "a[href='/portal/explorer/getUsersMe']");
    await send(page, "#send");
    const me = await reply(page);
    assert.equal(me.data.username, USERNAME);
    assert.deepEqual(await copiedCurl(page), me);
    await press(page, "#auth-oauth1", "ArrowDown");
    assert.ok(await page.isChecked("#auth-oauth2"));
    await send(page, "#send");
    assert.deepEqual(await reply(page), me);
    await type(page, "#user", "nobody_at_all");
    await send(page, "#send");
    assert.equal(await page.inputValue("#user"), "nobody_at_all");
    await look(page, "explorer-wrong");

    await page.goto(`${BASE_URL}/portal/explorer/getUsersFollowers?p.id=2244994945&p.max_results=1000&p.user.fields=description,entities,created_at`);
    await send(page, "#send");
    await page.locator("#cut").waitFor();
    await look(page, "explorer-cut");
    await page.goto(`${BASE_URL}/portal/explorer/getUsersMe?auth=app&p.colour=red`);
    await send(page, "#send");
    assert.equal(await status(page), "403 Forbidden");
    await look(page, "explorer-unsupported");
    await page.goto(`${BASE_URL}/portal/explorer/v1UsersLookup?p.screen_name=TwitterDev`);
    await look(page, "explorer-v1");
    await page.goto(`${BASE_URL}/portal/explorer/followUser`);
    await look(page, "explorer-follow");
  },
  "explorer: without a script it is as good": async () => {
    const page = await visitor({ javaScriptEnabled: false });
    await page.goto(OTHER_LINK);
    await page.locator("main button").click();
    await page.goto(`${BASE_URL}/portal/explorer?q=me`);
    assert.match(await page.locator("#operations").innerText(), /\/2\/users\/me/);
    await page.goto(`${BASE_URL}/portal/explorer/getUsersByUsername?p.username=TwitterDev`);
    await page.locator("#update").click();
    assert.match(await page.inputValue("#code-curl"), /TwitterDev/);
    await page.locator("#send").click();
    assert.equal(await status(page), "200 OK");
    assert.equal((await reply(page)).data.username, "TwitterDev");
  },
  "explorer: strangers and users see it and are told how to send": async () => {
    const page = await visitor();
    await page.goto(`${BASE_URL}/portal/explorer/getUsersMe`);
    assert.equal(await page.locator("#send").count(), 0);
    await look(page, "explorer-nobody");
    await signIn(page);
    await page.goto(`${BASE_URL}/portal/explorer/getUsersMe`);
    assert.match(await page.locator("main").innerText(), /Sign up for a developer account/);
    await look(page, "explorer-user");
  },
});
