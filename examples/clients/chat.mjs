// Talks to a Serving server with the official JavaScript client, in every way it supports.
//
// usage: node chat.mjs [http://127.0.0.1:8000]

import assert from "node:assert/strict";
import OpenAI from "openai";

const server = process.argv[2] ?? "http://127.0.0.1:8000";
let calls = 0;
const client = new OpenAI({
  baseURL: `${server}/v1`,
  apiKey: process.env.OPENAI_API_KEY ?? "none",
  timeout: 60_000,
  fetch: (url, init) => {
    calls++;
    return fetch(url, init);
  },
});
const messages = [{ role: "user", content: "Hello! Who are you?" }];
const model = (await client.models.list()).data[0].id;

async function chat() {
  const answer = await client.chat.completions.create({
    model,
    messages,
    max_completion_tokens: 24,
  });
  assert.equal(answer.choices[0].message.role, "assistant");
  assert.ok(["stop", "length"].includes(answer.choices[0].finish_reason));
  console.log(`    ${JSON.stringify(answer.choices[0].message.content)}`);
}

async function streamedChat() {
  const stream = await client.chat.completions.create({
    model,
    messages,
    max_tokens: 24,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let usage;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
  }
  const whole = await client.chat.completions.create({
    model,
    messages,
    max_tokens: 24,
    temperature: 0,
  });
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
}

async function completions() {
  const answer = await client.completions.create({
    model,
    prompt: ["Once upon a time", "The weather is"],
    max_tokens: 8,
    n: 2,
  });
  assert.deepEqual(
    answer.choices.map((choice) => choice.index),
    [0, 1, 2, 3],
  );
}

async function streamedCompletion() {
  const stream = await client.completions.create({
    model,
    prompt: "Once",
    max_tokens: 8,
    stream: true,
  });
  const reasons = [];
  for await (const chunk of stream) {
    reasons.push(chunk.choices[0].finish_reason);
  }
  assert.ok(["stop", "length"].includes(reasons.pop()));
  assert.ok(reasons.every((reason) => reason === null));
}

async function errors() {
  const refused = (more) => client.chat.completions.create({ model, messages, ...more });
  await assert.rejects(refused({ temperature: 9 }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, "temperature");
    return true;
  });
  await assert.rejects(refused({ model: "no-such" }), OpenAI.NotFoundError);
}

// A server with more than it can take says when to come again, and the client does.
async function retries() {
  const before = calls;
  const ask = () =>
    client.chat.completions.create(
      { model, messages, max_tokens: 200, ignore_eos: true },
      { maxRetries: 50 },
    );
  const answers = await Promise.all(Array.from({ length: 8 }, ask));
  assert.ok(answers.every((answer) => answer.usage.completion_tokens === 200));
  console.log(`    retried ${calls - before - 8} times`);
}

async function leaving() {
  const stream = await client.chat.completions.create({
    model,
    messages,
    max_tokens: 200,
    stream: true,
  });
  for await (const _ of stream) {
    break; // closes the connection; the server notices and lets go
  }
}

const checks = [
  chat,
  streamedChat,
  completions,
  streamedCompletion,
  errors,
  retries,
  leaving,
];
for (const check of checks) {
  await check();
  console.log(`ok  ${check.name}`);
}
