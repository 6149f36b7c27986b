// How walks through the portal see and do things: in a headless Chromium and with the keyboard alone.
//
// `look` at a page: axe-core finds no violation, in light and dark, wide and 380 px narrow; nothing
// is wider than the page; and each is kept as a picture in $SCREENSHOTS. No request leaves the server.
"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const axe = require("axe-core");
const { chromium } = require("playwright-core");

const { BASE_URL, CALLBACK, CHROMIUM, PASSWORD, SCREENSHOTS, USERNAME } = process.env;
const SIZES = [{ width: 1280, height: 800 }, { width: 380, height: 740 }];

let browser;
// Requests that went elsewhere than to the server and the App.
const left = [];

// The most bytes that a page may have with all that it loads.
const HEAVIEST = 200 * 1024;

async function visitor(options = {}) {
  const context = await browser.newContext({ viewport: SIZES[0], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${BASE_URL}/`) && !url.startsWith(CALLBACK)) left.push(url);
  });
  await page.route(`${CALLBACK}**`, (route) => route.fulfill({ body: "called" }));
  return page;
}

// How many bytes a browser that has nothing yet loads for the page that is shown, uncompressed.
async function weigh(page, name) {
  const addresses = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  const files = addresses.filter((address) => address.includes("/assets/"));
  const sizes = await Promise.all(files.map(async (address) => (await (await fetch(address)).arrayBuffer()).byteLength));
  const weight = sizes.reduce((sum, size) => sum + size, Buffer.byteLength(await page.content()));
  assert.ok(weight <= HEAVIEST, `${name} weighs ${weight} bytes`);
}

// Looks at a page as people with all kinds of eyes and screens do.
async function look(page, name) {
  await weigh(page, name);
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

// Runs the checks of one walk, and ends with how many passed.
async function run(checks) {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  const all = { ...checks, "no request left the server": async () => assert.deepEqual(left, []) };
  let [passed, failed] = [0, 0];
  for (const [name, check] of Object.entries(all)) {
    try {
      await check();
      passed += 1;
      console.log(`ok     portal: ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED portal: ${name}`);
      console.error(error);
    }
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

module.exports = { api, copied, enter, heading, look, press, reach, run, signIn, type, visitor };
