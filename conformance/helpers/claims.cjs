// Runs the claims of a JavaScript client and prints a line of JSON for each.
"use strict";
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const path = require("node:path");

// `claims` maps the name of a claim to a function, or to why the client has nothing for it.
// A function resolves to a few words on what it saw, the same at every run.
async function check(client, version, claims) {
  for (const [claim, run] of Object.entries(claims)) {
    let [result, detail] = ["absent", run];
    if (typeof run !== "string") {
      try {
        [result, detail] = ["passed", await run()];
      } catch (error) {
        console.error(error);
        [result, detail] = ["failed", `${error.name}: ${error.message}`];
        process.exitCode = 1;
      }
    }
    console.log(JSON.stringify({ client, version, claim, result, detail }));
  }
}

// What a call is refused with that must not come through.
async function refusal(call) {
  const [done] = await Promise.allSettled([call()]);
  assert.equal(done.status, "rejected", `it was not refused, but gave ${JSON.stringify(done.value)}`);
  return done.reason;
}

// What a call is refused with once it was made often enough.
async function refusedAtLast(call) {
  for (let i = 0; i < 10; i += 1) {
    const [done] = await Promise.allSettled([call()]);
    if (done.status === "rejected") return done.reason;
  }
  throw new Error("ten calls were not refused");
}

const sleepUntil = (seconds) => new Promise((resolve) => setTimeout(resolve, Math.max(0, seconds * 1000 - Date.now())));

// Walks a list to its end and back; how many pages that took. `page` takes a token, or nothing at
// first, and resolves to the ids on a page, its next and its previous token.
async function walk(page) {
  const there = [];
  let [token, ids, back, pages] = [undefined, [], undefined, 0];
  do {
    ({ ids, next: token, previous: back } = await page(token));
    there.push(...ids);
    pages += 1;
  } while (token !== undefined);
  assert.ok(there.length > 0 && new Set(there).size === there.length, `${there}`);
  const end = there.length - ids.length;
  let again = [];
  while (back !== undefined) {
    ({ ids, previous: back } = await page(back));
    again = [...ids, ...again];
    pages += 1;
  }
  assert.deepEqual(again, there.slice(0, end));
  return pages;
}

// Where the App is called by a person who allows, or the PIN.
const visit = (url) => execFileSync("python3", [path.join(__dirname, "person.py"), url], { encoding: "utf8" }).trim();

const parameter = (url, name) => new URL(url).searchParams.get(name);

module.exports = { check, parameter, refusal, refusedAtLast, sleepUntil, visit, walk };
