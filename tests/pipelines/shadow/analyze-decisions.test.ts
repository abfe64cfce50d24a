import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { analyzeShadow } from "../../../pipelines/shadow/analyze-shadow.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-shadow-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function logOf(records: readonly unknown[]): string {
  const path = join(folder, `${Math.random()}.jsonl`);
  writeFileSync(
    path,
    records.map((record) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`).join(""),
  );
  return path;
}

function decision(i: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    v: 1,
    ts: "2025-06-02T10:00:00.000Z",
    request_id: `r${i}`,
    session_hash: `s${i}`,
    shadow_sampled: i % 10 === 0,
    artifact: "20250601-0badcafe",
    decided_model: i % 2 === 0 ? "gpt-4o-mini" : "gpt-4o",
    served_model: "gpt-4o",
    reasons: ["sufficient"],
    took_us: 100 + i,
    usage: { prompt_tokens: 1_000_000, completion_tokens: 0 },
    ...fields,
  };
}

test("mix, agreement, cost delta and decision time come back from the log", async () => {
  const log = logOf(Array.from({ length: 100 }, (_, i) => decision(i)));
  const result = await analyzeShadow({ logs: [log], rate: 0.1 });
  expect(result.decisions).toBe(100);
  expect(result.mix).toEqual([
    { model: "gpt-4o", decisions: 50, share: 0.5 },
    { model: "gpt-4o-mini", decisions: 50, share: 0.5 },
  ]);
  expect(result.agreement!.value).toBeCloseTo(0.5, 12);
  // one million input tokens: $0.15 on the small model, $2.50 on the large one
  expect(result.cost_delta_usd!.value).toBeCloseTo(50 * (0.15 - 2.5), 9);
  expect(result.latency_us!.p50).toBeCloseTo(149.5, 9);
  expect(result.sample).toMatchObject({ observed: 10, expected: 10, verdict: "ok" });
});

test("a sample that is not the designed one is a mismatch", async () => {
  const log = logOf(Array.from({ length: 1000 }, (_, i) => decision(i, { shadow_sampled: i % 5 === 0 })));
  const { sample } = await analyzeShadow({ logs: [log], rate: 0.1 });
  expect(sample).toMatchObject({ observed: 200, expected: 100, verdict: "mismatch" });
});

test("records that are damaged, repeated or unanswered are counted, never dropped silently", async () => {
  const log = logOf([
    decision(1),
    decision(1),
    '{"v":1,"request_id":"cut',
    { hello: "world" },
    decision(2, { served_model: null }),
    decision(4, { usage: null }),
  ]);
  const result = await analyzeShadow({ logs: [log], rate: 0.1 });
  expect(result).toMatchObject({ decisions: 3, unmatched: 1, malformed: 2 });
  expect(result.notes).toEqual([
    "1 records repeat a request id and were left out.",
    "1 answered requests have no usage or no known price and are not in the cost delta.",
  ]);
});

test("of a call that failed and was repeated under its id, the answered record counts", async () => {
  const log = logOf([decision(1, { served_model: null }), decision(1), decision(2)]);
  const result = await analyzeShadow({ logs: [log], rate: 0.1 });
  expect(result).toMatchObject({ decisions: 2, unmatched: 0 });
});

test("an empty log has no figures, and no failure", async () => {
  const result = await analyzeShadow({ logs: [logOf([])], rate: 0.1 });
  expect(result).toMatchObject({ decisions: 0, agreement: null, cost_delta_usd: null, latency_us: null });
  expect(result.sample.verdict).toBe("ok");
});

test("a log that isn't there, and one without a single decision, are refused", async () => {
  for (const log of [join(folder, "absent.jsonl"), folder])
    await expect(analyzeShadow({ logs: [log], rate: 0.1 })).rejects.toThrow(/no such file/);
  await expect(analyzeShadow({ logs: [logOf(["rubbish", { a: 1 }])], rate: 0.1 })).rejects.toThrow(
    /none of 2 records is a decision/,
  );
  expect(await analyzeShadow({ logs: [logOf([])], rate: 0.1 })).toMatchObject({ decisions: 0, malformed: 0 });
});

test("a share's interval stays between nothing and everything, and a time below zero is none", async () => {
  const log = logOf([decision(1), decision(2), decision(3, { took_us: -5 })]);
  const { agreement, latency_us: took } = await analyzeShadow({ logs: [log], rate: 0.1 });
  expect(agreement!.low).toBe(0);
  expect(agreement!.high).toBe(1);
  expect(took!.p50).toBeCloseTo(101.5, 9);
});
