// The owner of the server among its users: search, profiles, changes, follows, import and export.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { enter, heading, look, press, reach, run, type, visitor } = require("./walk.cjs");

const { BASE_URL, PORTAL_LINK, OTHER_LINK } = process.env;
const said = (page) => page.locator("main").innerText();

// Chooses a file as a person does who has found the field with the keyboard.
async function choose(page, name, text) {
  const file = path.join(process.cwd(), name);
  fs.writeFileSync(file, text);
  await reach(page, "#file");
  await page.setInputFiles("#file", file);
}

async function choice(page, selector, text) {
  await reach(page, selector);
  await page.keyboard.type(text);
}

async function imported(page) {
  await page.getByText("The last import").waitFor();
}

// What comes when a link of the import page is followed.
async function downloaded(page, name) {
  const waiting = page.waitForEvent("download");
  await reach(page, `a[href='/portal/export/${name}']`);
  await page.keyboard.press("Enter");
  return fs.readFileSync(await (await waiting).path());
}

run({
  "users are found, looked at and changed": async () => {
    const page = await visitor();
    await enter(page, PORTAL_LINK);
    await press(page, "nav a[href='/portal/users']");
    assert.equal(await heading(page), "Users");
    await look(page, "users");
    await type(page, "#q", "zzzzzz");
    await press(page, ".search button");
    await look(page, "users-none");
    await type(page, "#q", "@twitterdev");
    await press(page, ".search button");
    await look(page, "users-found");
    await press(page, ".people a");
    assert.equal(await heading(page), "Twitter Dev");
    await look(page, "user");
    await press(page, ".tabs a[href$='tab=followers']");
    await look(page, "user-followers");
    await press(page, "a[rel=next]");
    await press(page, "a[rel=prev]");
    await press(page, ".tabs a[href$='tab=following']");
    await type(page, "#other", "@nobody_at_all");
    await press(page, "form:has(#other) button");
    assert.equal(await page.inputValue("#other"), "@nobody_at_all");
    await look(page, "user-following-wrong");
    await press(page, ".people button[name=remove]");
    assert.match(await said(page), /The follow is ended\./);
    await look(page, "user-following-none");
    await type(page, "#other", "@TwitterDev");
    await press(page, "form:has(#other) button");
    assert.match(await said(page), /name two users/);
    await press(page, ".tabs a[href$='tab=json']");
    assert.match(await said(page), /"username": "TwitterDev"/);
    await look(page, "user-json");
    await press(page, "a[href$='dialect=v1']");
    assert.match(await said(page), /"screen_name": "TwitterDev"/);
    await press(page, ".tabs a[href$='tab=graph']");
    await look(page, "user-graph");
    await press(page, ".profile a[href$=edit]");
    await look(page, "user-edit");
    await type(page, "#location", "127.0.0.1, and a place whose name is far too long");
    await type(page, "#name", "Twitter Developers");
    await press(page, "form:has(#location) button");
    assert.equal(await page.inputValue("#name"), "Twitter Developers");
    await look(page, "user-edit-wrong");
    await type(page, "#location", "127.0.0.1");
    await type(page, "#description", "The #TwitterAPI, from https://developer.twitter.com by @TwitterDev");
    await press(page, "form:has(#location) button");
    assert.equal(await heading(page), "Twitter Developers");
    await look(page, "user-edited");
    await press(page, ".profile a[href$=edit]");
    await press(page, "button[value=suspended]");
    assert.match(await said(page), /suspended/);
    await look(page, "user-suspended");
    await press(page, ".profile a[href$=edit]");
    await press(page, "button[value=active]");
    assert.doesNotMatch(await said(page), /suspended/);
  },
  "files are imported, and who is in them is there": async () => {
    const page = await visitor();
    await enter(page, OTHER_LINK);
    await press(page, "nav a[href='/portal/import']");
    await look(page, "import");
    await press(page, "main button.primary");
    assert.match(await said(page), /Choose a file\./);
    await look(page, "import-wrong");
    const bio = `Two lines\nand <script>alert(1)</script> \u202e turned round`;
    const user = (id, name) => JSON.stringify({ user: { id: `${id}`, username: `walk_${id}`, name, description: bio, public_metrics: { followers_count: 0, following_count: 0, tweet_count: 3, listed_count: 1 } } });
    const users = Array.from({ length: 60 }, (_, at) => user(7000 + at, at === 0 ? "מי זה <b>" : `Walker number ${at}`));
    await choice(page, "#what", "What Birdbox");
    await choose(page, "walk.ndjson", `${users.join("\n")}\nno line of JSON\n`);
    await press(page, "main button.primary");
    await imported(page);
    assert.match(await said(page), /users: 60 new/);
    await look(page, "import-done");
    await choice(page, "#what", "Follows");
    const follows = users.flatMap((_, at) => [[7000 + at, 7000], [7000 + at, 7000 + ((at * 7) % 60)], [7000 + at, 7000 + ((at + 1) % 60)], [7000, 7000 + (at % 40)]]);
    await choose(page, "walk.txt", follows.filter(([one, other]) => one !== other).map((pair) => pair.join(" ")).join("\n"));
    await press(page, "main button.primary");
    assert.match(await said(page), /7001 \(@walk_7001\) follows 7000 \(@walk_7000\)/);
    await look(page, "import-direction");
    await press(page, "button[value=as-is]");
    await imported(page);
    assert.match(await said(page), /follows are new/);
    await choice(page, "#what", "twarc2");
    await choose(page, "walk.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]));
    await press(page, "main button.primary");
    await imported(page);
    assert.match(await said(page), /walk\.png: holds binary data.*nothing was loaded/);
    await look(page, "import-failed");
    await choice(page, "#what", "Follows");
    await choose(page, "walk.txt", "1 2\n");
    await press(page, "main button.primary");
    await press(page, "button.danger");
    assert.match(await said(page), /Cancelled/);
    await page.goto(`${BASE_URL}/portal/users?q=7000`);
    await press(page, ".people a");
    assert.match(await said(page), /<script>alert\(1\)<\/script>/);
    await look(page, "user-imported");
    await press(page, ".tabs a[href$='tab=graph']");
    await look(page, "user-imported-graph");
    await page.goto(`${BASE_URL}/portal/import`);
    const text = (await downloaded(page, "follows.csv")).toString();
    assert.match(text, /^follower_id,followed_id\n/);
    assert.ok(text.includes("7001,7000\n"));
    const table = await downloaded(page, "follows.parquet");
    assert.equal(`${table.subarray(0, 4)} ${table.subarray(-4)}`, "PAR1 PAR1");
    const ofOne = await (await page.request.get(`${BASE_URL}/portal/export/follows.parquet?of=7001`)).body();
    assert.equal(`${ofOne.subarray(0, 4)} ${ofOne.subarray(-4)}`, "PAR1 PAR1");
    await choice(page, "#what", "Follows");
    await choose(page, "walk.parquet", table);
    await press(page, "main button.primary");
    await press(page, "button[value=as-is]");
    await imported(page);
    assert.match(await said(page), new RegExp(`0 follows are new, ${text.trimEnd().split("\n").length - 1} were there`));
  },
});
