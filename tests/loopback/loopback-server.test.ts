import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LoopbackJudge, startLoopbackJudge } from "../../datasets/synthetic/loopback-server.js";
import { generateTraffic } from "../../datasets/synthetic/traffic.js";

const world = generateTraffic({ seed: 4, requests: 40, days: 2, from: "2026-03-02" });
const prompt = world.requests[0]!.userText;
let judge: LoopbackJudge;
let client: OpenAI;

beforeAll(async () => {
  judge = await startLoopbackJudge({ world, tpr: 1, tnr: 1, tierAccuracy: 1, positionBias: 0, seed: 1 });
  client = new OpenAI({ baseURL: judge.url, apiKey: "none" });
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
    expect((await client.batches.cancel(batch.id)).status).toBe("cancelled");
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
