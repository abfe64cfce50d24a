import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CacheReplayResult } from "../../datasets/cache-result.js";
import { createCli } from "../../scripts/create-cli.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-cache-cli-"));
afterAll(() => rmSync(root, { recursive: true }));

const stream = join(root, "faq.jsonl");
writeFileSync(
  stream,
  [
    { id: 1, text: "How can I change my password?", answer_key: "pin", segment: "cards" },
    { id: 2, text: "How can I change my password?", answer_key: "pin", segment: "cards" },
    { id: 3, text: "How can I change my passwords?", answer_key: "pin", segment: "cards" },
    { id: 4, text: "Yes", history: [["S", "Shall I?"]], answer_key: "do", segment: "chat" },
    { id: 5, text: "Yes", history: [["S", "Really?"]], answer_key: "sure", segment: "chat" },
  ]
    .map((line) => JSON.stringify(line))
    .concat("nonsense", '{"id": 6}')
    .join("\n"),
);

let printed = "";
let told = "";
beforeEach(() => {
  printed = "";
  told = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const run = async (...words: string[]) => void (await createCli(["cache", ...words], 100).parseAsync());

describe("cache replay --stream", () => {
  it("prints the curve, both shares of wrong hits and the warning", async () => {
    await run("replay", "--stream", stream, "--thresholds", "0.8,0.95");
    expect(printed).toMatch(/^exact only +1 +0 /m);
    expect(printed).toMatch(/^0\.8 +1 +1 +40\.0 %/m);
    expect(printed).toContain("USR = wrong hits / all requests; FHR = wrong hits / hits.");
    expect(printed).toMatch(/WARNING: .* would hit 2 times, 1 of them .*; 1 of 1 would be wrong/);
    expect(printed).toContain("Not replayed: 2 bad_line.");
    expect(printed).toContain("Embedding: 0, for the embedder runs in your process (default).");
  });

  it("shows the first lines that can't be used, and keeps all in a file", async () => {
    const rejected = join(root, "rejected.jsonl");
    await run("replay", "--stream", stream, "--rejected", rejected);
    expect(told).toMatch(/faq\.jsonl:6: .*; left out as json_syntax/);
    expect(told).toContain("faq.jsonl:7: text is missing; give the last user turn; left out as bad_value");
    const lines = readFileSync(rejected, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ line, raw }) => [line, raw])).toEqual([
      [6, "nonsense"],
      [7, '{"id": 6}'],
    ]);
  });

  it("prints one JSON document, and leaves the same in a workspace that is named", async () => {
    const workspace = join(root, "ws");
    await run("replay", "--stream", stream, "--workspace", workspace, "--ttl-s", "0", "--no-guard", "--json");
    const result = JSON.parse(printed) as CacheReplayResult;
    expect(JSON.parse(readFileSync(join(workspace, "results", "cache_replay.json"), "utf8"))).toEqual(result);
    expect(result.settings).toEqual({
      ttl_s: null,
      capacity: 100_000,
      eviction: "lru",
      has_guard: false,
      min_answer_cosine: null,
    });
    expect(result.curve).toHaveLength(10);
    expect(existsSync(join(workspace, "cache-replay.manifest.json"))).toBe(true);
  });

  it("takes prices as given", async () => {
    await run(
      ...["replay", "--stream", stream, "--thresholds", "0.9", "--json"],
      ...["--embedding-usd", "1", "--operations-usd", "0", "--storage-usd", "0"],
    );
    const { prices, curve } = JSON.parse(printed) as CacheReplayResult;
    expect(prices.embedding_usd_per_mtok).toBe(1);
    expect(curve[1]!.embedding_usd).toBeGreaterThan(0);
    expect(curve[1]!.operations_usd).toBe(0);
  });
});

describe("cache replay refuses", () => {
  it.each([
    [["replay"], /nothing to replay; give --workspace DIR or --stream FILE/],
    [["replay", "--stream", "absent.jsonl"], /absent\.jsonl: no such file/],
    [["replay", "--workspace", join(root, "none")], /no workspace here/],
    [["replay", "--workspace", "w", "--rejected", "r"], /--rejected is for lines of a stream/],
    [["replay", "--stream", "f", "--thresholds", "0.9,high"], /--thresholds is not a number/],
    [["replay", "--stream", "f", "--thresholds", "1.2"], /--thresholds is 1.2; give/],
    [["replay", "--stream", "f", "--thresholds", "0.9,"], /--thresholds is not a number/],
    [["replay", "--stream", "f", "--capacity", "0"], /--capacity is 0; give/],
    [["replay", "--stream", "f", "--ttl-s", "-1"], /--ttl-s is -1; give/],
    [["replay", "--stream", "f", "--eviction", "random"], /eviction can't be "random"/],
    [["replay", "--stream", "f", "--operations-usd", "-1"], /--operations-usd is -1; give/],
    [["replay", "--stream", stream, "--embedder", "e", "--encoder", "use-lite"], /two embedders/],
    [["replay", "--stream", stream, "--rejected", join(root, "no", "where")], /can't be written/],
  ])("%j", async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
    expect(printed).toBe("");
  });
});

it("cache alone names its verbs", async () => {
  await expect(run()).rejects.toThrow(/Name a verb of cache/);
});
