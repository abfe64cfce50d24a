import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { CacheCandidateRow } from "../../../../datasets/cache-candidates.js";
import type { LoopbackJudge } from "../../../../datasets/synthetic/loopback-server.js";
import { readManifest, readResult, type Workspace } from "../../../../datasets/workspace.js";
import { importPairs } from "../../../../pipelines/cache/pairs/import-pairs.js";
import { judgePairs } from "../../../../pipelines/cache/pairs/judge-pairs.js";
import { readCachePairs } from "../../../../pipelines/cache/pairs/read-cache-pairs.js";
import { lockWorkspace } from "../../../../pipelines/ingest/ingest-lock.js";
import { removeWorkspace, startJudge } from "../../label/label-workspace.js";
import { isSameByTruth, pairOptions, pairsWorkspace, plantReplay } from "./pairs-workspace.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-verdicts-"));
const open: { judge?: LoopbackJudge; workspace?: Workspace } = {};

afterEach(async () => {
  await open.judge?.close();
  if (open.workspace) removeWorkspace(open.workspace);
  delete open.judge;
});
afterAll(() => rmSync(folder, { recursive: true }));

const replay = plantReplay();
const isSame = isSameByTruth(replay);
const offered = replay.candidates.filter(
  (row): row is CacheCandidateRow & { entry_id: string } =>
    ["semantic", "miss"].includes(row.tier) && row.entry_id !== null,
);

function writeFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function writeRows(name: string, rows: readonly object[]): string {
  return writeFile(name, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

const goldRow = ({ request_id, entry_id }: { request_id: string; entry_id: string }) => ({
  request_id,
  entry_id,
  is_same: isSame(request_id, entry_id),
});

async function start(): Promise<Workspace> {
  open.workspace = await pairsWorkspace(replay);
  return open.workspace;
}

describe("importing verdicts", () => {
  test("gold verdicts on every candidate are pairs for calibration, without a judge", async () => {
    const workspace = await start();
    const result = await importPairs(workspace, writeRows("gold.jsonl", offered.map(goldRow)));
    expect(result).toMatchObject({ judged: null, judge_error: null, is_simulated: false });
    const [file] = result.imports;
    const { pairs } = await readCachePairs(workspace);
    expect(pairs).toHaveLength(file!.used);
    // What equals another row's question to the same entry is its repetition.
    const repeated = { reason: "repeats an earlier row on this pair", rows: offered.length - file!.used };
    expect(file!.unused).toMatchObject([repeated]);
    for (const pair of pairs) {
      expect(pair.verdict).toBe(isSame(pair.request_id, pair.entry_id) ? "same" : "different");
      expect(pair).toMatchObject({ source: "human", is_sampled: true });
    }
    const weights = pairs.reduce((sum, { inclusion_probability }) => sum + 1 / inclusion_probability, 0);
    expect(weights).toBeCloseTo(offered.length, 6);
    expect(result.segments.reduce((sum, { above_floor }) => sum + above_floor, 0)).toBe(offered.length);
    expect(readResult(workspace, "cache_pairs")).toEqual(result);
    expect(readManifest(workspace, "cache-pairs")!.inputs.map(({ path }) => path)).toContain(file!.path);
  });

  test("rows that can't be used are counted by reason, with their lines", async () => {
    const workspace = await start();
    const [a, b, c, d] = offered.filter(({ segment }) => segment === "billing");
    const ids = (row = a!) => ({ request_id: row.request_id, entry_id: row.entry_id });
    const file = writeRows("bad.jsonl", [
      { ...ids(a), verdict: "same", rater: "ada" },
      { ...ids(a), verdict: "same", rater: "ada" },
      { ...ids(b), verdict: "same", rater: "ada" },
      { ...ids(b), verdict: "different", rater: "ada" },
      { request_id: "request-99999", entry_id: a!.entry_id, is_same: true },
      { request_id: a!.request_id, entry_id: "entry-of-nobody", is_same: true },
      { ...ids(c), verdict: "sufficient" },
      { ...ids(c), verdict: "same", is_same: false },
      { ...ids(c), is_same: "perhaps" },
      { request_id: a!.request_id, verdict: "same" },
      { ...ids(c), is_same: true, inclusion_probability: 2 },
      ["same"],
      { ...ids(d), is_same: "no", rater: "ada" },
    ]);
    const [{ rows, used, unused }] = (await importPairs(workspace, file)).imports as [
      Awaited<ReturnType<typeof importPairs>>["imports"][number],
    ];
    expect([rows, used]).toEqual([13, 2]);
    expect(Object.fromEntries(unused.map((entry) => [entry.reason, entry.lines]))).toEqual({
      "neither a verdict (same, different, cannot_tell) nor is_same (true, false, 1, 0, yes, no)": ["7", "9"],
      "verdict and is_same contradict each other": ["8"],
      "no request_id or no entry_id": ["10"],
      "inclusion_probability is not in (0, 1]": ["11"],
      "not an object": ["12"],
      "no request of this request_id was replayed": ["5"],
      "the replay offered this request another entry, or none that it could be served from": ["6"],
      "repeats an earlier row on this pair": ["2"],
      "the same rater gave this pair two verdicts": ["3", "4"],
    });
    expect(used + unused.reduce((sum, entry) => sum + entry.rows, 0)).toBe(rows);
  });

  test("CSV does as well, and a path that is imported again replaces what it gave", async () => {
    const workspace = await start();
    const csv = (rows: readonly (typeof offered)[number][]) =>
      `request_id,entry_id,verdict,rater,inclusion_probability\n${rows
        .map((row) => `${row.request_id},${row.entry_id},different,ada,0.25\n`)
        .join("")}`;
    await importPairs(workspace, writeFile("verdicts.csv", csv(offered.slice(0, 5))));
    const result = await importPairs(workspace, writeFile("verdicts.csv", csv(offered.slice(0, 3))));
    expect(result.imports).toMatchObject([{ used: 3, different: 3, raters: ["human:ada"] }]);
    expect(readdirSync(join(workspace.path, "cache_pairs"))).toHaveLength(1);
    const { pairs } = await readCachePairs(workspace);
    expect(pairs.map(({ inclusion_probability }) => inclusion_probability)).toEqual([0.25, 0.25, 0.25]);
  });

  test("of several raters the majority counts, and an even split is different", async () => {
    const workspace = await start();
    const [a] = offered;
    const b = offered.find(({ entry_id }) => entry_id !== a!.entry_id);
    const say = (row: typeof a, rater: string, verdict: string) => ({
      request_id: row!.request_id,
      entry_id: row!.entry_id,
      rater,
      verdict,
    });
    const file = writeRows("raters.jsonl", [
      ...["ada", "bob", "cleo"].map((rater) => say(a, rater, rater === "bob" ? "different" : "same")),
      say(b, "ada", "same"),
      say(b, "bob", "different"),
      say(b, "cleo", "cannot_tell"),
    ]);
    await importPairs(workspace, file);
    const { pairs } = await readCachePairs(workspace);
    const verdictOf = (entry: string) => pairs.find(({ entry_id }) => entry_id === entry)?.verdict;
    expect(pairs).toHaveLength(2);
    expect([verdictOf(a!.entry_id), verdictOf(b!.entry_id)]).toEqual(["same", "different"]);
  });

  test.each([
    ["a file that isn't there", "nowhere.jsonl", /no such file/],
    ["a file without a usable row", "none.jsonl", /none of 1 rows is a verdict.*no request_id/],
    ["an empty file", "empty.jsonl", /none of 0 rows.*the file is empty/],
  ])("%s is refused, and changes nothing", async (_, name, message) => {
    const workspace = await start();
    writeRows("none.jsonl", [{ verdict: "same" }]);
    writeFile("empty.jsonl", "");
    await expect(importPairs(workspace, join(folder, name))).rejects.toThrow(message);
    expect(readManifest(workspace, "cache-pairs")).toBeNull();
    expect(readdirSync(workspace.path)).not.toContain("cache_pairs");
  });

  test("waits for nobody: a workspace that is being judged is left alone", async () => {
    const workspace = await start();
    const unlock = lockWorkspace(workspace, "label");
    const file = writeRows("gold.jsonl", offered.map(goldRow));
    await expect(importPairs(workspace, file)).rejects.toThrow(/being written by/);
    unlock();
  });

  test("nothing can be read before anything is known", async () => {
    await expect(readCachePairs(await start())).rejects.toThrow(/signalbox cache pairs judge/);
  });
});

describe("the judge against imported verdicts", () => {
  test("its false accepts and rejects are found, and humans' verdicts go before its own", async () => {
    const workspace = await start();
    open.judge = await startJudge({ tnr: 0.8, tpr: 0.9 });
    const gold = writeRows("gold.jsonl", offered.map(goldRow));
    await judgePairs(workspace, pairOptions(open.judge.url, { labels: 200 }));
    const before = await readCachePairs(workspace);
    expect(before.judgeError.phiHigh(0.95)).toBe(1);
    expect(before.result.notes.join("\n")).toMatch(/Nobody checked the judge/);
    const result = await importPairs(workspace, gold);
    const { pairs, judgeError } = await readCachePairs(workspace);
    const judged = before.pairs.filter(({ source }) => source === "judge");
    const truth = (row: { request_id: string; entry_id: string }) => isSame(row.request_id, row.entry_id);
    const wronglyAccepted = judged.filter((row) => row.verdict === "same" && !truth(row)).length;
    const wronglyRefused = judged.filter((row) => row.verdict === "different" && truth(row)).length;
    expect(wronglyAccepted).toBeGreaterThan(0);
    expect(wronglyRefused).toBeGreaterThan(0);
    expect(judgeError).toMatchObject({ falseAccepts: wronglyAccepted, falseRejects: wronglyRefused });
    expect(judgeError.doubles).toBe(judged.length);
    expect(judgeError.phiHigh(0.95)).toBeGreaterThan(0.2);
    expect(result.judge_error).toMatchObject({
      false_accepts: wronglyAccepted,
      phi: judgeError.phi,
      phi_high_90: judgeError.phiHigh(0.9),
    });
    const sampled = pairs.filter(({ is_sampled }) => is_sampled);
    expect(sampled.map(({ pair_id }) => pair_id).sort()).toEqual(
      before.pairs.map(({ pair_id }) => pair_id).sort(),
    );
    for (const pair of pairs) expect(pair.verdict === "same").toBe(truth(pair));
    const chances = new Map(before.pairs.map((pair) => [pair.pair_id, pair.inclusion_probability]));
    for (const pair of sampled) expect(pair.inclusion_probability).toBe(chances.get(pair.pair_id));
  });

  test("a later run keeps the import and is held against it", async () => {
    const workspace = await start();
    open.judge = await startJudge();
    await importPairs(workspace, writeRows("gold.jsonl", offered.map(goldRow)));
    const result = await judgePairs(workspace, pairOptions(open.judge.url, { labels: 60 }));
    expect(result.imports).toHaveLength(1);
    expect(result.judge_error).toMatchObject({ false_accepts: 0, false_rejects: 0, phi: 0 });
    expect(result.judge_error!.doubles).toBe(60 - result.judged!.exact);
  });
});
