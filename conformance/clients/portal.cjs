// People in the developer portal, in a headless Chromium and with the keyboard alone.
//
// At each page: axe-core finds no violation, in light and dark, wide and 380 px narrow; nothing is
// wider than the page; and each is kept as a picture in $SCREENSHOTS. No request leaves the server.
"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const axe = require("axe-core");
const { chromium } = require("playwright-core");

const { BASE_URL, CALLBACK, CHROMIUM, CLIENT_ID, OTHER_LINK, PASSWORD, PORTAL_LINK, SCREENSHOTS, USERNAME } = process.env;
const SIZES = [{ width: 1280, height: 800 }, { width: 380, height: 740 }];

let browser;
// Requests that went elsewhere than to the server and the App.
const left = [];

async function visitor() {
  const context = await browser.newContext({ viewport: SIZES[0] });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${BASE_URL}/`) && !url.startsWith(CALLBACK)) left.push(url);
  });
  await page.route(`${CALLBACK}**`, (route) => route.fulfill({ body: "called" }));
  return page;
}

// Looks at a page as people with all kinds of eyes and screens do.
async function look(page, name) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= size.width, `${name} is ${width} px wide on a screen of ${size.width}`);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run());
      const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
      assert.deepEqual(said, [], `${name}, ${colorScheme}, ${size.width}`);
      await page.screenshot({ path: path.join(SCREENSHOTS, `portal-${name}-${colorScheme}-${size.width}.png`), fullPage: true });
    }
  }
  // 1280 px at four times the size: nobody has to scroll in two directions.
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${name} is ${width} px wide at 320`);
  await page.setViewportSize(SIZES[0]);
}

// Goes to something with the Tab key alone.
async function reach(page, selector) {
  const target = page.locator(selector).first();
  await target.waitFor();
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
      assert.notEqual(outline, "none", `nobody sees that ${selector} has the focus`);
      return target;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${selector} on ${page.url()}`);
}

async function type(page, selector, text) {
  await reach(page, selector);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

async function press(page, selector, key = "Enter") {
  await reach(page, selector);
  const leaves = key === "Enter" ? page.waitForNavigation() : Promise.resolve();
  await page.keyboard.press(key);
  await leaves;
}

const heading = (page) => page.locator("h1").innerText();

async function enter(page, link) {
  await page.goto(link);
  await look(page, "enter");
  await press(page, "main button");
  assert.equal(await heading(page), "Home");
}

async function signIn(page) {
  await page.goto(`${BASE_URL}/portal/sign-in`);
  await type(page, "#username", USERNAME);
  await type(page, "#password", PASSWORD);
  await press(page, "main button");
}

// What the page after making keys says of a name.
async function copied(page, name) {
  const lines = (await page.inputValue("#copy-env")).split("\n");
  return lines.find((line) => line.startsWith(`${name}=`)).slice(name.length + 1);
}

async function api(target, bearer) {
  const reply = await fetch(`${BASE_URL}${target}`, { headers: { authorization: `Bearer ${bearer}` } });
  return { status: reply.status, body: await reply.json() };
}

const checks = {
  "portal: what strangers see": async () => {
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
  "portal: from the printed link to a Project, an App, its keys and a request": async () => {
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
  "portal: a user signs up, authorizes an App and takes it back": async () => {
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
};

checks["portal: no request left the server"] = async () => assert.deepEqual(left, []);

async function main() {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
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
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
