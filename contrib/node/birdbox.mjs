// Runs Birdbox while Vitest or Jest runs tests.
//
//   Vitest: globalSetup: "./birdbox.mjs"
//   Jest:   globalSetup: "./birdbox.mjs", globalTeardown: "./birdbox.mjs"
//
// `process.env` then has the variables that `birdbox run` gives to programs: BEARER_TOKEN,
// CONSUMER_KEY, X_BASE_URL and so on, and those that lead requests for api.x.com and api.twitter.com
// to Birdbox (Node follows them from version 24). The data is fresh, and goes at the end.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

// Tells its environment, and stays until its input ends.
const CHILD = "console.log(JSON.stringify(process.env)); process.stdin.resume();";

async function start() {
  const folder = await mkdtemp(path.join(tmpdir(), "birdbox-"));
  const words = ["run", "--data", path.join(folder, "data"), "--", process.execPath, "-e", CHILD];
  const server = spawn(process.env.BIRDBOX ?? "birdbox", words, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(server, "close");
  const told = once(createInterface(server.stdout), "line");
  const line = await Promise.race([told, ended.then(([code]) => Promise.reject(new Error(`birdbox run ended: ${code}`)))]);
  const variables = JSON.parse(line[0]);
  // Vitest gives BASE_URL to its tests with another meaning.
  Object.assign(process.env, variables, { X_BASE_URL: variables.BASE_URL });
  return async () => {
    server.stdin.end();
    await ended;
    await rm(folder, { recursive: true });
  };
}

// Vitest calls what this returns; Jest calls this a second time.
export default async function birdbox() {
  if (globalThis.stopBirdbox) return globalThis.stopBirdbox();
  globalThis.stopBirdbox = await start();
  return globalThis.stopBirdbox;
}
