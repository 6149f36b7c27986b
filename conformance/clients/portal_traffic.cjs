// People who look at what clients sent, at limits and at usage: the owner, and a newcomer from signing
// up to the consent of a user and its end.
"use strict";
const assert = require("node:assert/strict");
const { api, copied, enter, heading, look, press, reach, run, signIn, type, visitor } = require("./walk.cjs");

const { BASE_URL, BEARER_TOKEN, CALLBACK, OTHER_LINK, PORTAL_LINK } = process.env;

const text = (page) => page.locator("main").innerText();

run({
  "the owner sees requests come, one in full, limits and usage": async () => {
    const page = await visitor();
    await enter(page, PORTAL_LINK);
    // The server of the walks counts nothing.
    await press(page, "nav a[href='/portal/limits']");
    await look(page, "limits-off");
    await reach(page, "#mode");
    await page.keyboard.type("Faithful");
    await press(page, "form:has(#mode) button");
    await press(page, "nav a[href='/portal/requests']");
    await look(page, "requests-empty");
    await api("/2/users/2244994945?user.fields=created_at,public_metrics", BEARER_TOKEN);
    await api("/2/users/by?usernames=TwitterDev&user.fields=nothing", BEARER_TOKEN);
    await api("/2/users/me", BEARER_TOKEN);
    await api("/2/users?ids=1", "wrong");
    const many = Array.from({ length: 100 }, (_, at) => 1_000_000_000_000_000_000n + BigInt(at)).join(",");
    await api(`/2/users?ids=${many}`, BEARER_TOKEN);
    await api(`/2/users/by/username/${encodeURIComponent("<script>alert(1)</script>‮")}?oauth_token=secret`, BEARER_TOKEN);
    await press(page, ".actions a:last-child");
    assert.equal(await page.locator(".log > li").count(), 6);
    await look(page, "requests");
    assert.ok(!(await text(page)).includes("secret"));

    await press(page, "#live");
    await api("/2/users/6253282", BEARER_TOKEN);
    await page.locator(".log > li:nth-child(7)").waitFor();
    await look(page, "requests-live");
    await press(page, "#pause");
    await press(page, "summary", "Space");
    await reach(page, "#status");
    await page.keyboard.type("4xx");
    await press(page, ".filter button");
    assert.match(await text(page), /403/);
    await look(page, "requests-filtered");
    await page.goto(`${BASE_URL}/portal/requests?status=403`);
    await press(page, ".log > li a");
    assert.match(await text(page), /Why it was refused/);
    assert.match(await text(page), /Send it again in the explorer/);
    await look(page, "request-refused");
    await page.goto(`${BASE_URL}/portal/requests?operation=getUsersByIds&status=2xx`);
    await press(page, ".log > li a");
    await look(page, "request");
    await page.goto(`${BASE_URL}/portal/requests?app=x`);
    await look(page, "requests-wrong");

    await press(page, "nav a[href='/portal/limits']");
    await look(page, "limits");
    await press(page, ".windows form button");
    assert.match(await text(page), /The next request begins a new window/);
    await reach(page, "#mode");
    await page.keyboard.type("Those of X");
    await press(page, "form:has(#mode) button");
    await look(page, "limits-wrong");
    await type(page, "#factor", "10");
    await press(page, "form:has(#mode) button");
    assert.match(await text(page), /Which limits hold: x10/);
    await reach(page, "#mode");
    await page.keyboard.type("What");
    await press(page, "form:has(#mode) button");
    await press(page, "form.actions button");
    await look(page, "limits-empty");

    await press(page, "nav a[href='/portal/usage']");
    assert.match(await text(page), /getUsersByIds/);
    await look(page, "usage");
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator("a[download]").click()]);
    assert.equal(file.suggestedFilename(), "birdbox-usage.csv");
    await page.goto(`${BASE_URL}/portal/usage?days=90&app=77`);
    await look(page, "usage-empty");
  },
  "whoever has no developer account is told so, without scripts too": async () => {
    const page = await visitor({ javaScriptEnabled: false });
    await signIn(page);
    assert.equal(await heading(page), "Home");
    await page.goto(`${BASE_URL}/portal/requests`);
    assert.equal(await heading(page), "This page is not for you");
  },
  "a newcomer signs up, makes a native App, and a user consents and takes it back": async () => {
    const page = await visitor();
    await signIn(page);
    await page.goto(`${BASE_URL}/portal/sign-up`);
    if (await heading(page) === "Developer account" || await page.locator("#name").count() > 0) {
      await type(page, "#name", "Newcomers");
      await press(page, "main button");
    }
    const owner = await visitor();
    await enter(owner, OTHER_LINK);
    await press(owner, "nav a[href='/portal/accounts']");
    const approve = owner.locator("main button.primary");
    if (await approve.count() > 0) await press(owner, "main button.primary");
    await page.goto(`${BASE_URL}/portal/projects/new`);
    await type(page, "#name", "First Project");
    await press(page, "main button");
    await press(page, "main .actions a.primary");
    await type(page, "#name", "Native bird");
    await reach(page, "#type");
    await page.keyboard.type("Native");
    await type(page, "#callbacks", `${CALLBACK}\nbirdbox://done`);
    await press(page, "#oauth2", "Space");
    await press(page, "main button");
    assert.equal(await heading(page), "New keys");
    const [client, bearer] = [await copied(page, "CLIENT_ID"), await copied(page, "BEARER_TOKEN")];
    await page.goto(`${BASE_URL}/portal/requests`);
    await look(page, "requests-newcomer");
    await page.goto(`${BASE_URL}/portal`);

    const scope = encodeURIComponent("tweet.read users.read offline.access");
    const verifier = "a".repeat(43);
    await page.goto(`${BASE_URL}/i/oauth2/authorize?response_type=code&client_id=${encodeURIComponent(client)}&redirect_uri=${encodeURIComponent(CALLBACK)}&scope=${scope}&state=s&code_challenge=${verifier}&code_challenge_method=plain`);
    await reach(page, "#allow");
    // Nothing listens where the App is called; that the browser tries to is enough.
    const called = page.waitForRequest((request) => request.url().startsWith(CALLBACK));
    await page.keyboard.press("Enter");
    const code = new URL((await called).url()).searchParams.get("code");
    // The page stays with its error, so that the user goes on in another tab.
    const after = await page.context().newPage();
    after.setDefaultTimeout(20_000);
    const exchange = await fetch(`${BASE_URL}/2/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({ code, grant_type: "authorization_code", client_id: client, redirect_uri: CALLBACK, code_verifier: verifier }),
    });
    const { access_token: token } = await exchange.json();
    assert.equal((await api("/2/users/me", token)).status, 200);
    assert.equal((await api("/2/users/2244994945", bearer)).status, 200);
    await after.goto(`${BASE_URL}/portal/requests`);
    assert.match(await text(after), /getUsersMe/);
    assert.ok(!(await text(after)).includes(token) && !(await text(after)).includes(code));
    await look(after, "requests-own");
    await press(after, "nav a[href='/portal/limits']");
    await look(after, "limits-own");
    await press(after, "nav a[href='/portal/usage']");
    await look(after, "usage-own");
    await after.goto(`${BASE_URL}/portal/authorizations`);
    await press(after, "li:has-text('Native bird') button");
    assert.equal((await api("/2/users/me", token)).status, 401);
  },
});
