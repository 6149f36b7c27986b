// People in the developer portal: sign-in, Projects and Apps, keys, and what users authorized.
"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { api, copied, enter, heading, look, press, reach, run, signIn, type, visitor } = require("./walk.cjs");

const { BASE_URL, CALLBACK, CLIENT_ID, OTHER_LINK, PORTAL_LINK } = process.env;

run({
  "what strangers see": async () => {
    const page = await visitor();
    await page.goto(`${BASE_URL}/portal`);
    await page.keyboard.press("Tab");
    await look(page, "home-nobody");
    await page.goto(`${BASE_URL}/portal/projects`);
    assert.equal(await heading(page), "Sign in");
    await look(page, "sign-in");
    await type(page, "#username", "TwitterDev");
    await type(page, "#password", "wrong");
    await press(page, "main button");
    assert.equal(await page.inputValue("#username"), "TwitterDev");
    await look(page, "sign-in-wrong");
    await page.goto(`${BASE_URL}/portal/nothing`);
    await look(page, "not-found");
    await page.goto(`${BASE_URL}/portal/enter?link=used`);
    await look(page, "used-link");
  },
  "from the printed link to a Project, an App, its keys and a request": async () => {
    const page = await visitor();
    await enter(page, PORTAL_LINK);
    await look(page, "home-owner");
    const line = await page.locator("pre code").first().innerText();
    const reply = JSON.parse(execFileSync("sh", ["-c", line.replace("curl ", "curl -s ")], { encoding: "utf8" }));
    assert.equal(reply.data.username, "TwitterDev");
    await page.reload();
    assert.match(await page.locator("main").innerText(), /A request was answered/);
    await look(page, "home-ticked");

    await press(page, "nav a[href='/portal/projects']");
    await look(page, "projects");
    await press(page, "a[href='/portal/projects/new']");
    await press(page, "main button");
    await look(page, "project-wrong");
    await type(page, "#name", "Birds of the north");
    await reach(page, "#account");
    await page.keyboard.type("Sample");
    await press(page, "main button");
    assert.equal(await heading(page), "Project Birds of the north");
    await look(page, "project-empty");
    await press(page, "main .actions a[href$=rename]");
    await look(page, "project-rename");
    await type(page, "#name", "Birds of the south");
    await press(page, "main button");
    assert.equal(await heading(page), "Project Birds of the south");

    await press(page, "main .actions a.primary");
    await look(page, "app-new");
    await type(page, "#name", "reader");
    await press(page, "#oauth2", "Space");
    await press(page, "main button");
    assert.equal(await page.inputValue("#name"), "reader");
    await look(page, "app-wrong");
    await reach(page, "#type");
    await page.keyboard.type("Web");
    await type(page, "#callbacks", `${CALLBACK}\nhttps://example.com/a/very/long/address/that/does/not/fit/on/one/line/of/a/telephone?with=parameters`);
    await type(page, "#website", "https://example.com");
    await press(page, "main button");
    assert.equal(await heading(page), "New keys");
    await look(page, "keys-made");
    await press(page, "details:nth-of-type(2) summary", "Space");
    await press(page, "details:nth-of-type(3) summary", "Space");
    await press(page, "details:nth-of-type(4) summary", "Space");
    await look(page, "keys-copies");

    const bearer = await copied(page, "BEARER_TOKEN");
    const target = "/2/users/by?usernames=XDevelopers,API,adsapi&user.fields=created_at&expansions=pinned_tweet_id&tweet.fields=created_at";
    assert.equal((await api(target, bearer)).status, 200);
    const environment = JSON.parse(await page.inputValue("#copy-postman"));
    assert.equal(environment.name, "X API v2");
    assert.equal(environment.values.find(({ key }) => key === "bearer_token").value, bearer);
    const program = path.join(process.cwd(), "portal-copy.mjs");
    fs.writeFileSync(program, await page.inputValue("#copy-typescript"));
    assert.match(execFileSync("node", [program], { encoding: "utf8" }), /TwitterDev/);

    await press(page, "main .actions a.primary");
    await look(page, "app");
    await press(page, "main .actions a.primary");
    await look(page, "keys");
    await press(page, "input[value=token]", "Space");
    await type(page, "#user", "nobody_at_all");
    await press(page, "form:has(#user) button");
    await look(page, "keys-wrong");
    await type(page, "#user", "@TwitterDev");
    await press(page, "form:has(#user) button");
    assert.equal(await heading(page), "New keys");
    await press(page, "main .actions a.primary");
    await press(page, "main .actions a.primary");
    await look(page, "keys-token");
    await press(page, "button[name=keys][value=bearer]");
    assert.equal((await api(target, bearer)).status, 401);
    await look(page, "keys-revoked");
    await press(page, ".crumbs a:last-child");
    await press(page, "main .actions a[href$=settings]");
    await look(page, "app-settings");
    await press(page, "main .actions a");
    await press(page, "main .actions .danger");
    await look(page, "app-delete");
    await press(page, "main .actions .danger");
    assert.match(await page.locator("main").innerText(), /Deleted\./);
    await press(page, "a[href='/portal/projects/2']");
    await press(page, "main .actions .danger");
    await look(page, "project-delete");
    await press(page, "main .actions .danger");
    await press(page, "header button");
    assert.match(await page.locator("main").innerText(), /You are signed out/);
  },
  "a user signs up, authorizes an App and takes it back": async () => {
    const page = await visitor();
    await signIn(page);
    await look(page, "home-user");
    await press(page, "a[href='/portal/authorizations']");
    await look(page, "authorizations");
    const scope = encodeURIComponent("tweet.read users.read offline.access");
    await page.goto(`${BASE_URL}/i/oauth2/authorize?response_type=code&client_id=${encodeURIComponent(CLIENT_ID)}&redirect_uri=${encodeURIComponent(CALLBACK)}&scope=${scope}&state=s&code_challenge=challenge&code_challenge_method=plain`);
    await page.locator("#allow").click();
    await page.waitForURL(`${CALLBACK}**`);
    await page.goto(`${BASE_URL}/portal/authorizations`);
    assert.match(await page.locator("main").innerText(), /tweet\.read/);
    await look(page, "authorizations-given");
    await press(page, "main form button");
    assert.match(await page.locator("main").innerText(), /You have authorized no App yet/);

    await page.goto(`${BASE_URL}/portal/projects`);
    await look(page, "not-a-developer");
    await press(page, "main .actions a.primary");
    await look(page, "sign-up");
    await type(page, "#name", "Team of the birds");
    await press(page, "main button");
    assert.match(await page.locator("main").innerText(), /pending/);
    await look(page, "home-pending");
    const owner = await visitor();
    await enter(owner, OTHER_LINK);
    await press(owner, "nav a[href='/portal/accounts']");
    await look(owner, "accounts");
    await press(owner, "main button.primary");
    assert.match(await owner.locator("main").innerText(), /Approved\./);
    await page.reload();
    assert.doesNotMatch(await page.locator("main").innerText(), /pending/);
    await press(page, "nav a[href='/portal/projects']");
    await look(page, "projects-empty");
  },
});
