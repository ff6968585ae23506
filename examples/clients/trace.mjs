// Asks with JavaScript's own fetch, as part of a trace of the caller's own. A program with
// OpenTelemetry of its own sets the header by propagation.inject(context.active(), headers).
//
// usage: node trace.mjs [http://127.0.0.1:8000]

import { randomBytes } from "node:crypto";

const server = process.argv[2] ?? "http://127.0.0.1:8000";
const authorization = `Bearer ${process.env.OPENAI_API_KEY ?? "none"}`;
const trace = randomBytes(16).toString("hex");
const span = randomBytes(8).toString("hex");

const models = await fetch(`${server}/v1/models`, { headers: { authorization } });
const model = (await models.json()).data[0].id;
const answer = await fetch(`${server}/v1/chat/completions`, {
  method: "POST",
  headers: {
    authorization,
    "content-type": "application/json",
    traceparent: `00-${trace}-${span}-01`,
  },
  body: JSON.stringify({
    model,
    max_tokens: 16,
    messages: [{ role: "user", content: "Hello!" }],
  }),
});
console.log((await answer.json()).choices[0].message.content);
console.log(`trace ${trace}`);
