// The setup, used as in anybody's tests.
import { expect, test } from "vitest";

test("an SDK with a base URL gets to Birdbox", async () => {
  const headers = { authorization: `Bearer ${process.env.BEARER_TOKEN}` };
  const reply = await fetch(`${process.env.X_BASE_URL}/2/users/by/username/TwitterDev`, { headers });
  expect((await reply.json()).data.id).toBe("2244994945");
});

const followsProxies = Number(process.versions.node.split(".")[0]) >= 24;

test.runIf(followsProxies)("requests for X get to Birdbox", async () => {
  const headers = { authorization: `Bearer ${process.env.BEARER_TOKEN}` };
  const reply = await fetch("https://api.x.com/2/users/by/username/TwitterDev", { headers });
  expect((await reply.json()).data.id).toBe("2244994945");
});

test("the data is fresh", () => {
  expect(process.env.USERNAME).toBe("birdbox_owner");
});
