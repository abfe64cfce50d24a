import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CacheReplayResult } from "../../../datasets/cache-result.js";
import { createRandom } from "../../../datasets/random.js";
import type { CacheReplayOptions } from "../../../pipelines/cache/replay.js";
import { replayStreamCache } from "../../../pipelines/cache/replay.js";
import { replayOptions } from "./cache-workspace.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-cache-stream-"));
afterAll(() => rmSync(root, { recursive: true }));

async function replay(
  lines: ReadonlyArray<Record<string, unknown>>,
  options: Partial<CacheReplayOptions> = {},
): Promise<CacheReplayResult> {
  const path = join(root, "stream.jsonl");
  writeFileSync(path, lines.map((line, i) => JSON.stringify({ id: i, ...line })).join("\n"));
  return replayStreamCache(path, null, replayOptions(options));
}

const hitsOf = ({ curve }: CacheReplayResult) => curve.map((row) => [row.exact_hits, row.semantic_hits]);

const password = "How can I change my password?";

describe("tiers", () => {
  it("are told apart, and wrong hits are counted over requests and over hits", async () => {
    const { curve, is_truth_known } = await replay(
      [
        { text: password, answer_key: "change" },
        { text: password, answer_key: "change" },
        { text: "How can I change my passwords?", answer_key: "change" },
        { text: "How can I change my passwort?", answer_key: "spelling" },
        { text: "Do you sell gift cards?", answer_key: "gifts" },
      ],
      { hasGuard: false },
    );
    expect(is_truth_known).toBe(true);
    const [exact, semantic] = curve;
    expect([exact!.exact_hits, exact!.semantic_hits, exact!.wrong_hits]).toEqual([1, 0, 0]);
    expect([semantic!.exact_hits, semantic!.semantic_hits, semantic!.wrong_hits]).toEqual([1, 2, 1]);
    expect([semantic!.usr!.value, semantic!.usr!.n]).toEqual([1 / 5, 5]);
    expect([semantic!.fhr!.value, semantic!.fhr!.n]).toEqual([1 / 3, 3]);
    expect(semantic!.hit_rate.value).toBe(3 / 5);
  });

  it("leave pairs with other numbers apart, unless the guard is off", async () => {
    const lines = [
      { text: "Plan a menu for 20 guests at home" },
      { text: "Plan a menu for 30 guests at home" },
    ];
    expect(hitsOf(await replay(lines))).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(hitsOf(await replay(lines, { hasGuard: false }))).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  it("run from the strictest threshold to the loosest, each once", async () => {
    const { curve } = await replay([{ text: "a" }], { thresholds: [0.8, 0.95, 0.8] });
    expect(curve.map((row) => row.min_cosine)).toEqual([null, 0.95, 0.8]);
  });
});

describe("wrong hits", () => {
  it("are unknown without answer_key, never 0", async () => {
    const { curve, is_truth_known } = await replay([{ text: password }, { text: password }]);
    expect(is_truth_known).toBe(false);
    for (const row of curve) expect([row.wrong_hits, row.usr, row.fhr]).toEqual([null, null, null]);
  });

  it("are counted where both truths are known, and only there", async () => {
    const { curve } = await replay([
      { text: password, answer_key: "a" },
      { text: password },
      { text: password, answer_key: "b" },
    ]);
    expect([curve[0]!.exact_hits, curve[0]!.known_hits, curve[0]!.wrong_hits]).toEqual([2, 1, 1]);
    expect([curve[0]!.usr!.value, curve[0]!.usr!.n]).toEqual([0.5, 2]);
  });
});

describe("a scope", () => {
  it("keeps tenants, segments, system prompts and conversations apart", async () => {
    const rome = [{ role: "user", content: "I fly to Rome." }];
    const lines = [
      {},
      { tenant: "acme" },
      { segment: "travel" },
      { system: "Be brief." },
      { history: rome },
      { history: [["U", "I fly to Paris."]] },
    ].map((line) => ({ text: "What should I pack?", ...line }));
    const { curve, scopes } = await replay(lines);
    expect([scopes, curve[1]!.exact_hits, curve[1]!.semantic_hits]).toEqual([6, 0, 0]);
    const again = await replay([
      ...lines,
      { text: "What should I pack?", history: [["U", "I fly to Rome."]] },
    ]);
    expect(again.curve[0]!.exact_hits).toBe(1);
  });

  it("refuses the hits of a key of the last user turn, of which most are wrong", async () => {
    const { curve, last_turn_key } = await replay([
      { text: "Yes, please.", history: [["S", "Shall I book it?"]], answer_key: "book" },
      { text: "Yes, please.", history: [["S", "Shall I cancel it?"]], answer_key: "cancel" },
      { text: "Yes, please.", history: [["S", "Shall I book it?"]], answer_key: "book" },
      { text: "Yes, please.", history: [["S", "A window seat?"]], answer_key: "window" },
      { text: "Yes, please.", tenant: "other", answer_key: "else" },
    ]);
    expect(curve[0]!.exact_hits).toBe(1);
    expect(last_turn_key).toEqual({ hits: 3, refused_hits: 2, refused_known: 2, refused_wrong: 2 });
  });

  it("lets nothing cross tenants on a stream of many", async () => {
    const random = createRandom(4);
    const lines = Array.from({ length: 2_000 }, () => ({
      text: `How do I reset device ${random.below(20)} of kind ${random.below(3)}?`,
      tenant: `t${random.below(40)}`,
    }));
    const { curve } = await replay(lines, { hasGuard: false });
    expect(curve[1]!.semantic_hits).toBeGreaterThan(500);
    for (const row of curve) expect(row.cross_tenant_hits).toBe(0);
  });
});

describe("time", () => {
  const at = (minute: number) => Date.UTC(2026, 0, 5, 12, minute) / 1000;

  it("orders the lines, and lets entries die", async () => {
    const lines = [
      { text: password, created_at: at(50) },
      { text: password, created_at: at(0) },
      { text: password, created_at: at(20) },
    ];
    const { curve, source } = await replay(lines, { ttlS: 25 * 60 });
    expect([curve[0]!.exact_hits, curve[0]!.stale_hits]).toEqual([1, 1]);
    expect([source.from, source.to]).toEqual(["2026-01-05T12:00:00.000Z", "2026-01-05T12:50:00.000Z"]);
    expect((await replay(lines, { ttlS: null })).curve[0]!.exact_hits).toBe(2);
  });

  it("is the order of the file where no line has one, and nothing ages", async () => {
    const { curve, settings, source, notes } = await replay([{ text: password }, { text: password }], {
      ttlS: 1,
    });
    expect([curve[0]!.exact_hits, settings.ttl_s, source.days]).toEqual([1, null, null]);
    expect(notes.join()).toMatch(/No line has created_at/);
  });

  it("of a line without one is that of the line before it", async () => {
    const { curve, notes } = await replay(
      [
        { text: "first", created_at: at(30) },
        { text: password },
        { text: "between", created_at: at(0) },
        { text: password, created_at: at(10) },
      ],
      { ttlS: 15 * 60 },
    );
    // the undated line belongs to minute 30, so the password of minute 10 comes before it and is dead by then
    expect([curve[0]!.exact_hits, curve[0]!.stale_hits]).toEqual([0, 1]);
    expect(notes.join()).toMatch(/1 line/);
  });
});

describe("what can't be used", () => {
  it("is counted by reason, and nothing is left in temporary folders", async () => {
    const path = join(root, "bad.jsonl");
    writeFileSync(
      path,
      `{"id": 1, "text": "a"}\n{"id": 1, "text": "b"}\nnonsense\n{"id": 2, "text": "What is new today?"}\n`,
    );
    const rejected: number[] = [];
    const result = await replayStreamCache(path, null, {
      ...replayOptions(),
      onRejected: ({ line }) => void rejected.push(line),
    });
    expect(result.left_out).toEqual([
      { reason: "bad_line", requests: 1 },
      { reason: "duplicate_id", requests: 1 },
    ]);
    expect(result.never_cached).toEqual([{ reason: "time_sensitive", requests: 1 }]);
    expect(rejected).toEqual([2, 3]);
    expect([result.requests, result.curve[0]!.uncacheable]).toEqual([2, 1]);
  });

  it.each([
    [{ embedder: "a.sbemb", encoder: "use-lite" }, /two embedders/],
    [{ tokenizer: "tokenizer.json" }, /needs --encoder/],
    [{ encoder: "model.onnx" }, /needs --tokenizer/],
    [{ embedder: join(root, "absent.sbemb") }, /absent.sbemb: can't be read/],
  ])("is refused before anything is read: %j", async (options, message) => {
    await expect(replay([{ text: "a" }], options)).rejects.toThrow(message);
    expect(existsSync(join(root, "tmp"))).toBe(false);
  });
});
