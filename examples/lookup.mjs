// Prints two users, with nothing but Node's own https, which ignores proxies before Node 24.
// Run it with: birdbox run --isolate -- node examples/lookup.mjs

import https from "node:https";

const url = "https://api.twitter.com/2/users/by?usernames=TwitterDev,TwitterAPI";
const headers = { authorization: `Bearer ${process.env.BEARER_TOKEN}` };

https.get(url, { headers }, async (reply) => {
  let text = "";
  for await (const chunk of reply.setEncoding("utf8")) text += chunk;
  if (reply.statusCode !== 200) throw new Error(text);
  for (const { username, name } of JSON.parse(text).data) console.log(`@${username}, ${name}`);
});
