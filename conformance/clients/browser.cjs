// A person at the login and consent pages, in a headless Chromium without JavaScript.
//
//   node browser.cjs URL allow|deny NAME
//
// Prints a line of JSON: the address that the App would be called at, or the PIN on the page.
// Each page that is passed is kept as a picture, in light and dark, in $SCREENSHOTS.
"use strict";
const path = require("node:path");
const { chromium } = require("playwright-core");

async function photograph(page, name) {
  const folder = process.env.SCREENSHOTS;
  for (const colorScheme of folder ? ["light", "dark"] : []) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`), fullPage: true });
  }
}

// What a person reads when something is wrong, for the log.
async function expectButton(page, step) {
  const button = page.locator(`button[name=step][value=${step}]`).first();
  if (await button.count() === 0) throw new Error(`no button ${step} on: ${await page.locator("main").innerText()}`);
  return button;
}

async function visit(url, decision, name) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 480, height: 640 } });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    // Nothing listens where the App is called; that the browser tries to is enough.
    let called;
    page.on("request", (request) => {
      if (request.url().startsWith(process.env.CALLBACK)) called ??= request.url();
    });
    await page.goto(url);
    const signIn = await expectButton(page, "sign_in");
    await photograph(page, `${name}-sign-in`);
    await page.fill("#username", process.env.USERNAME);
    await page.fill("#password", process.env.PASSWORD);
    await signIn.click();
    const button = await expectButton(page, decision);
    await photograph(page, `${name}-consent`);
    await button.click();
    await page.waitForLoadState();
    if (called) return { called };
    await photograph(page, `${name}-end`);
    return { pin: await page.locator("code").first().innerText() };
  } finally {
    await browser.close();
  }
}

module.exports = { visit };

if (require.main === module) {
  const [url, decision, name] = process.argv.slice(2);
  visit(url, decision, name).then(
    (result) => console.log(JSON.stringify(result)),
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
