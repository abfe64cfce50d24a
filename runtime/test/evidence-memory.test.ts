import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { loadRouter } from "../src/artifact/load-router.js";
import { createKernel } from "../src/model/kernel.js";
import { readRequest } from "../src/request/read-request.js";
import type { RouteRequest } from "../src/request/request.js";
import type { Decision } from "../src/router/decision.js";
import { EvidenceMemory } from "../src/router/evidence-memory.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-memory-"));
  writeRandomArtifact(folder, { hidden: 2 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const withoutTime = (decision: Decision) => ({ ...decision, tookUs: 0 });

describe("the memory of requests", () => {
  test("gives the same decision again without the model, and counts it", async () => {
    const router = await loadRouter(folder);
    const request: RouteRequest = {
      requestId: "r",
      system: "Be brief.",
      prompt: "Compare quicksort with mergesort.",
    };
    const first = router.decide(request);
    expect(router.stats().remembered).toBe(0);
    first.probabilities[0] = 7;
    first.sufficiency.small = 7;
    const second = router.decide(request);
    expect(router.stats().remembered).toBe(1);
    const fresh = (await loadRouter(folder)).decide(request);
    expect(withoutTime(second)).toEqual(withoutTime(fresh));
  });

  test("one request differs from another in anything that the featuriser reads", async () => {
    const user = (content: string) => ({ role: "user", content });
    const base: RouteRequest = {
      messages: [user("one"), { role: "assistant", content: "ok" }, user("two words")],
    };
    const others: RouteRequest[] = [
      { messages: [user("one"), { role: "assistant", content: "ok" }, user("two wordz")] },
      { messages: [user("one!"), { role: "assistant", content: "ok" }, user("two words")] },
      { messages: [user("ok"), user("one"), user("two words")] },
      { messages: [user("oneok"), user("two words")] },
      { ...base, system: "s" },
      { ...base, tools: [{}] },
      { ...base, maxTokens: 0 },
      { ...base, responseFormat: { type: "json_object" } },
      { ...base, responseFormat: { type: "json_schema" } },
      { messages: [...base.messages!, { role: "user", content: [{ type: "image" }] }] },
      { prompt: "two", system: "words" },
      { prompt: "twow", system: "ords" },
      { prompt: "two words" },
    ];
    const router = await loadRouter(folder);
    for (const request of [base, ...others]) router.decide(request);
    expect(router.stats().remembered).toBe(0);
    for (const request of [base, ...others]) {
      const fresh = (
        await loadRouter(folder, { engine: ({ model }) => ({ ...createKernel(model) }) })
      ).decide(request);
      expect(router.decide(request).probabilities).toEqual(fresh.probabilities);
    }
    expect(router.stats().remembered).toBe(others.length + 1);
  });

  test("what isn't the content is read anew: ids, lists, caps, meta", async () => {
    const router = await loadRouter(folder);
    router.decide({ prompt: "x" });
    const decision = router.decide({
      prompt: "x",
      requestId: "r2",
      allowModels: ["medium"],
      meta: { app: "a" },
    });
    expect(router.stats().remembered).toBe(1);
    expect(decision).toMatchObject({ requestId: "r2", model: "medium", slices: { app: "a" } });
  });

  test("an engine that doesn't say that it is deterministic is asked every time", async () => {
    let asked = 0;
    const router = await loadRouter(folder, {
      engine: ({ model }) => {
        const { predict } = createKernel(model);
        return {
          name: "counted",
          predict: (features) => {
            asked += 1;
            return predict(features);
          },
        };
      },
    });
    asked = 0;
    for (let i = 0; i < 3; i++) router.decide({ prompt: "x" });
    expect(asked).toBe(3);
    expect(router.stats().remembered).toBe(0);
  });

  test("holds 512 requests of at most 8,192 units, and forgets the least recently used", () => {
    const memory = new EvidenceMemory();
    const evidence = { probabilities: [], lengths: [], ood: null, stranger: null, nonAsciiShare: 0 };
    const readOf = (prompt: string) => readRequest({ prompt });
    const set = (prompt: string) => memory.set(memory.keyOf(readOf(prompt))!, readOf(prompt), evidence);
    const get = (prompt: string) => memory.get(memory.keyOf(readOf(prompt))!, readOf(prompt));
    expect(memory.keyOf(readOf("x".repeat(8_192)))).not.toBeNull();
    expect(memory.keyOf(readOf("x".repeat(8_193)))).toBeNull();
    expect(memory.keyOf(readRequest({ prompt: "x".repeat(8_000), system: "y".repeat(193) }))).toBeNull();
    for (let i = 0; i < 512; i++) set(`p${i}`);
    expect(get("p0")).toEqual(evidence);
    set("one more");
    expect(get("p0")).toEqual(evidence);
    expect(get("p1")).toBeUndefined();
    expect(get("p2")).toEqual(evidence);
  });

  test("texts that differ in a single place are told apart", () => {
    const memory = new EvidenceMemory();
    const evidence = { probabilities: [], lengths: [], ood: null, stranger: null, nonAsciiShare: 0 };
    const read = readRequest({ prompt: "x".repeat(500), system: "s".repeat(500) });
    memory.set(memory.keyOf(read)!, read, evidence);
    expect(
      memory.get(memory.keyOf(read)!, readRequest({ prompt: "x".repeat(500), system: "s".repeat(500) })),
    ).toEqual(evidence);
    for (let i = 0; i < 500; i++) {
      const changed = (letter: string) => `${letter.repeat(i)}!${letter.repeat(499 - i)}`;
      const others = [
        { ...read, userText: changed("x") },
        { ...read, systemText: changed("s") },
      ];
      for (const other of others) expect(memory.get(memory.keyOf(other)!, other)).toBeUndefined();
    }
  });
});
