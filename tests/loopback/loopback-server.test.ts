import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoopbackJudge, startLoopbackJudge } from "../../datasets/synthetic/loopback-server.js";
import { generateTraffic } from "../../datasets/synthetic/traffic.js";

const world = generateTraffic({ seed: 4, requests: 40, days: 2, from: "2026-03-02" });
const prompt = world.requests[0]!.userText;
let judge: LoopbackJudge;
let client: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  judge = await startLoopbackJudge({ world, tpr: 1, tnr: 1, tierAccuracy: 1, positionBias: 0, seed: 1 });
  client = new OpenAI({ baseURL: judge.url, apiKey: "none" });
  anthropic = new Anthropic({ baseURL: judge.url.replace("/v1", ""), apiKey: "none" });
});
afterAll(() => judge.close());

describe("the loopback server through the official SDK", () => {
  test("listens on the loopback interface alone", () => {
    expect(new URL(judge.url).hostname).toBe("127.0.0.1");
  });

  test("answers as the named model, counts its tokens and says that it simulates", async () => {
    const { data, response } = await client.chat.completions
      .create({ model: "gpt-4o-mini", messages: [{ role: "user", content: prompt }] })
      .withResponse();
    expect(data.choices[0]!.message.content).toBe(world.answerOf(prompt, "gpt-4o-mini"));
    expect(data.usage!.total_tokens).toBe(data.usage!.prompt_tokens + data.usage!.completion_tokens);
    expect(data.system_fingerprint).toMatch(/simulat/);
    expect(response.headers.get("x-signalbox-simulated")).toBe("1");
  });

  test("takes a batch from upload to result files, in another order, with its metadata", async () => {
    const line = (id: string) =>
      JSON.stringify({
        custom_id: id,
        method: "POST",
        url: "/v1/chat/completions",
        body: { model: "gpt-4o-mini", messages: [{ role: "user", content: prompt }] },
      });
    const ids = Array.from({ length: 12 }, (_, i) => `call-${i}`);
    const file = await client.files.create({
      file: await toFile(Buffer.from(ids.map(line).join("\n")), "in.jsonl"),
      purpose: "batch",
    });
    let batch = await client.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      metadata: { run: "r1" },
    });
    const statuses = [batch.status];
    while (batch.status !== "completed") {
      batch = await client.batches.retrieve(batch.id);
      statuses.push(batch.status);
    }
    expect(statuses).toEqual(["validating", "in_progress", "completed"]);
    expect(batch.request_counts).toEqual({ total: 12, completed: 12, failed: 0 });
    const text = await (await client.files.content(batch.output_file_id!)).text();
    const results = text
      .trim()
      .split("\n")
      .map((result) => (JSON.parse(result) as { custom_id: string }).custom_id);
    expect([...results].sort()).toEqual([...ids].sort());
    expect(results).not.toEqual(ids);
    const listed = [];
    for await (const item of client.batches.list({ limit: 1 })) listed.push(item.metadata);
    expect(listed).toEqual([{ run: "r1" }]);
  });

  test("cancels a batch, and refuses what isn't there", async () => {
    const file = await client.files.create({
      file: await toFile(Buffer.from(""), "in.jsonl"),
      purpose: "batch",
    });
    const batch = await client.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    expect((await client.batches.cancel(batch.id)).status).toBe("cancelling");
    expect((await client.batches.retrieve(batch.id)).status).toBe("cancelled");
    await expect(client.batches.retrieve("batch_none")).rejects.toThrow(/404/);
    await expect(
      client.batches.create({
        input_file_id: "file-none",
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
      }),
    ).rejects.toThrow(/no such file/);
  });
});

describe("the loopback server through Anthropic's SDK", () => {
  const params = {
    model: "claude-3-5-haiku-20241022",
    max_tokens: 500,
    messages: [{ role: "user" as const, content: prompt }],
  };

  async function runBatch(ids: readonly string[], onCreated?: (id: string) => Promise<unknown>) {
    const requests = ids.map((custom_id) => ({ custom_id, params }));
    let batch = await anthropic.messages.batches.create({ requests });
    await onCreated?.(batch.id);
    while (batch.processing_status !== "ended") batch = await anthropic.messages.batches.retrieve(batch.id);
    const results = [];
    for await (const result of await anthropic.messages.batches.results(batch.id)) results.push(result);
    return { batch, results };
  }

  test("answers as the named model, in the shape of a message", async () => {
    const message = await anthropic.messages.create(params);
    const [block] = message.content;
    expect(block).toEqual({ type: "text", text: world.answerOf(prompt, params.model) });
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  test("takes a batch to its results, in another order", async () => {
    const ids = Array.from({ length: 12 }, (_, i) => `call-${i}`);
    const { batch, results } = await runBatch(ids);
    expect(batch.request_counts).toMatchObject({ processing: 0, succeeded: 12 });
    const found = results.map(({ custom_id }) => custom_id);
    expect([...found].sort()).toEqual([...ids].sort());
    expect(found).not.toEqual(ids);
    expect((await anthropic.messages.batches.list({ limit: 1 })).data[0]!.id).toBe(batch.id);
  });

  test("cancels a batch and keeps what was finished", async () => {
    const { batch, results } = await runBatch(["a", "b", "c", "d"], (id) =>
      anthropic.messages.batches.cancel(id),
    );
    expect(batch.request_counts).toMatchObject({ succeeded: 2, canceled: 2 });
    expect(results.map(({ result }) => result.type).sort()).toEqual([
      "canceled",
      "canceled",
      "succeeded",
      "succeeded",
    ]);
  });

  test.each([
    ["no request", [], /at least one/],
    ["one id twice", ["a", "a"], /unique/],
    ["an id that is too long", ["a".repeat(65)], /1 to 64/],
    ["an id with a colon", ["a:b"], /1 to 64/],
  ])("refuses a batch with %s", async (_, ids, message) => {
    await expect(runBatch(ids)).rejects.toThrow(message);
  });
});
