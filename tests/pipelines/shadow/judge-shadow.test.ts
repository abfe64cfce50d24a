import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ShadowVerdictRow } from "../../../datasets/shadow-verdicts.js";
import type { LoopbackJudge, LoopbackOptions } from "../../../datasets/synthetic/loopback-server.js";
import { readManifest, readResult, type Workspace } from "../../../datasets/workspace.js";
import { judgeShadow } from "../../../pipelines/shadow/judge/judge-shadow.js";
import { planShadowJudge } from "../../../pipelines/shadow/judge/plan-shadow-judge.js";
import { readTable } from "../../support/read-table.js";
import { removeWorkspace, startJudge } from "../label/label-workspace.js";
import {
  contentOf,
  judgeOptions,
  pairRecord,
  plantedDifference,
  plantPairs,
  shadowWorkspace,
  side,
} from "./planted-shadow.js";

const open: { judge?: LoopbackJudge; workspace?: Workspace } = {};

afterEach(async () => {
  await open.judge?.close();
  if (open.workspace) removeWorkspace(open.workspace);
});

async function start(judgeSkill: Partial<LoopbackOptions> = {}, records: readonly unknown[] = plantPairs()) {
  const judge = await startJudge(judgeSkill);
  const { workspace, file } = shadowWorkspace(records);
  Object.assign(open, { judge, workspace });
  return { judge, workspace, file };
}

const readVerdicts = (workspace: Workspace) =>
  readTable<ShadowVerdictRow>(workspace, "SELECT * FROM shadow_verdicts ORDER BY pair_id");

describe("judging a shadow", () => {
  test("recovers the planted difference, though the judge favours the first place", async () => {
    const pairs = plantPairs();
    const { judge, workspace, file } = await start({ positionBias: 0.5 }, pairs);
    const result = await judgeShadow(workspace, judgeOptions(file, judge.url));
    const rows = await readVerdicts(workspace);
    const planted = new Map(pairs.map((pair) => [pair.pair_id, plantedDifference(pair)]));
    expect(rows).toHaveLength(pairs.length);
    for (const { pair_id, difference } of rows) expect(difference).toBe(planted.get(pair_id));
    const truth = [...planted.values()].reduce((sum, value) => sum + value, 0) / planted.size;
    expect(truth).toBeGreaterThan(0.05);
    expect(result.difference!.value).toBeCloseTo(truth, 12);
    const firstOnly =
      rows.reduce((sum, { baseline_first }) => sum + signs[baseline_first!]!, 0) / rows.length;
    expect(firstOnly - truth).toBeGreaterThan(0.05);
    expect(result.first_place_preference!.low).toBeGreaterThan(0);
    expect(result.notes.join("\n")).toMatch(/favours the first place/);
    expect(result.order_flip_rate!.value).toBeGreaterThan(0.1);
  });

  test("says of each answer whether it serves, flags the simulation, prices the calls", async () => {
    const pairs = plantPairs();
    const { judge, workspace, file } = await start({}, pairs);
    const result = await judgeShadow(workspace, judgeOptions(file, judge.url));
    const rows = await readVerdicts(workspace);
    const asked = rows.filter((row) => !row.judge.startsWith("check:"));
    expect(asked.length).toBeGreaterThan(20);
    for (const row of asked) {
      const { difference, baseline_success, candidate_success } = row;
      expect(Number(baseline_success) - Number(candidate_success)).toBe(difference);
      expect(row.is_simulated).toBe(true);
      expect(row.cost_usd).toBeGreaterThan(0);
    }
    expect(result.is_simulated).toBe(true);
    expect(readResult(workspace, "shadow_judge")).toEqual(result);
    expect(readManifest(workspace, "shadow-judge")!.rows).toEqual({ shadow_verdicts: rows.length });
    expect(result.canaries.map(({ canary, calls, passed }) => [canary, calls > 0, calls - passed])).toEqual([
      ["identical", true, 0],
      ["empty", true, 0],
      ["gibberish", true, 0],
      ["injection", true, 0],
      ["swapped", true, 0],
    ]);
  });

  test.each([
    ["openai", "batch"],
    ["anthropic", "chat"],
    ["anthropic", "batch"],
  ] as const)("%s in %s mode: the same verdicts, and a second run asks nothing", async (judgeApi, mode) => {
    const pairs = plantPairs(20);
    const { judge, workspace, file } = await start({}, pairs);
    const options = judgeOptions(file, judge.url, { judgeApi, mode });
    const first = await judgeShadow(workspace, options);
    const planted = new Map(pairs.map((pair) => [pair.pair_id, plantedDifference(pair)]));
    for (const row of await readVerdicts(workspace)) expect(row.difference).toBe(planted.get(row.pair_id));
    const paid = judge.stats.paid.size;
    const second = await judgeShadow(workspace, options);
    expect(judge.stats.paid.size).toBe(paid);
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
    expect(second.cost.usd).toBe(first.cost.usd);
  });

  test("more pairs of the same shadow pay only for what is new", async () => {
    const pairs = plantPairs(40);
    const { judge, workspace, file } = await start({}, pairs.slice(0, 25));
    await judgeShadow(workspace, judgeOptions(file, judge.url));
    writeFileSync(file, pairs.map((pair) => JSON.stringify(pair)).join("\n"));
    const later = await judgeShadow(workspace, judgeOptions(file, judge.url));
    expect(later.asked).toBe(40);
    expect(later.calls.find(({ kind }) => kind === "pair")!.reused).toBeGreaterThan(20);
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
  });

  test("an answer that no verdict can be read for has none, and says why", async () => {
    const { judge, workspace, file } = await start({ faults: { malformedShare: 0.2, badRequestShare: 0.1 } });
    const result = await judgeShadow(workspace, judgeOptions(file, judge.url));
    const failed = (await readVerdicts(workspace)).filter(({ difference }) => difference === null);
    expect(failed.length).toBeGreaterThan(0);
    expect(new Set(failed.map(({ error }) => error))).toEqual(
      new Set(["malformed_verdict", "http_400 invalid_request_error"]),
    );
    expect(result.verdicts.find(({ verdict }) => verdict === "failed")!.pairs).toBe(failed.length);
    expect(result.difference!.n + failed.length).toBe(result.asked);
  });
});

describe("what is judged", () => {
  test("facts decide refusals, empty answers, broken JSON and equal answers before anyone is paid", async () => {
    const [answered] = plantPairs(1);
    const { prompt, baseline, candidate } = answered!.content!;
    const records = [
      pairRecord("refused", {
        content: contentOf(prompt, baseline, "I can't help with that."),
        candidate: side("gpt-4o-mini", { is_refusal: true }),
      }),
      pairRecord("empty", { content: contentOf(prompt, baseline, " \n") }),
      pairRecord("null", { content: contentOf(prompt, baseline, null) }),
      pairRecord("both", { content: contentOf(prompt, "", "") }),
      pairRecord("json", {
        content: contentOf(prompt, baseline, candidate),
        baseline: side("gpt-4o", { is_valid_json: true }),
        candidate: side("gpt-4o-mini", { is_valid_json: false }),
      }),
      pairRecord("equal", { content: contentOf(prompt, "Yes.", " Yes. ") }),
      pairRecord("baseline-empty", { content: contentOf(prompt, "", candidate) }),
    ];
    const { judge, workspace, file } = await start({}, records);
    await judgeShadow(workspace, judgeOptions(file, judge.url));
    const rows = new Map((await readVerdicts(workspace)).map((row) => [row.pair_id.slice(5), row]));
    const facts = (id: string) => {
      const { judge: by, difference, baseline_success, candidate_success, cost_usd } = rows.get(id)!;
      return [by, difference, baseline_success, candidate_success, cost_usd];
    };
    expect(facts("refused")).toEqual(["check:candidate_refused", 1, null, false, 0]);
    expect(facts("empty")).toEqual(["check:candidate_empty", 1, null, false, 0]);
    expect(facts("null")).toEqual(["check:candidate_empty", 1, null, false, 0]);
    expect(facts("both")).toEqual(["check:both_failed", 0, false, false, 0]);
    expect(facts("json")).toEqual(["check:candidate_invalid_json", 1, null, false, 0]);
    expect(facts("equal")).toEqual(["check:equal", 0, null, null, 0]);
    expect(rows.get("baseline-empty")!.judge).toBe("gpt-4.1");
    expect(rows.get("baseline-empty")!.difference).toBe(-1);
  });

  test("every record that is not judged is counted with its reason", async () => {
    const [first, second] = plantPairs(2);
    const records = [
      { ...first, status: "baseline_failed", candidate: null, content: null },
      first,
      second,
      { ...first, content: contentOf("another text", "x", "y") },
      pairRecord("no-content"),
      pairRecord("by-ref", { content_ref: "missing" }),
      pairRecord("timeout", { status: "candidate_timeout", candidate: null }),
      pairRecord("budget", { status: "dropped_budget", candidate: null }),
      pairRecord("tools", {
        content: contentOf("p", "text", ""),
        candidate: side("gpt-4o-mini", { finish_reason: "tool_calls" }),
      }),
      { ...pairRecord("newer"), v: 2 },
      { pair_id: 7 },
      "[1, 2]",
      "{broken",
      { ...pairRecord("x"), status: "who knows" },
      { ...pairRecord("y"), candidate: null },
    ];
    const { workspace, file } = await start({}, records);
    const plan = await planShadowJudge(workspace, judgeOptions(file, null));
    const counts = Object.fromEntries(plan.excluded.map(({ reason, records: n }) => [reason, n]));
    expect(counts).toMatchObject({
      baseline_failed: 1,
      "repeated pair_id": 1,
      "no content was kept": 1,
      "content_ref without contents": 1,
      candidate_timeout: 1,
      dropped_budget: 1,
      "an answer of tool calls alone": 1,
      "malformed: no pair_id": 1,
      "malformed: unknown status": 1,
      "malformed: paired without a candidate": 1,
      "malformed: a newer version of the record than this toolkit reads": 1,
    });
    const excluded = Object.values(counts).reduce((sum, n) => sum + n, 0);
    expect(plan.pairs).toBe(2);
    expect(plan.pairs + excluded).toBe(plan.records);
    expect(plan.records).toBe(records.length);
  });

  test("contents that are kept elsewhere are joined by their reference", async () => {
    const pairs = plantPairs(10);
    const records = pairs.map((pair) => ({ ...pair, content: null, content_ref: `ref-${pair.pair_id}` }));
    const { judge, workspace, file } = await start({}, records);
    const contents = join(workspace.path, "contents.jsonl");
    const lines = [
      ...pairs.map((pair) => ({ content_ref: `ref-${pair.pair_id}`, ...pair.content })),
      { content_ref: `ref-${pairs[0]!.pair_id}`, ...pairs[1]!.content },
      { content_ref: "ref-x" },
      { prompt: "nobody's" },
    ];
    writeFileSync(contents, lines.map((line) => JSON.stringify(line)).join("\n"));
    const result = await judgeShadow(workspace, judgeOptions(file, judge.url, { contents: [contents] }));
    expect(result.asked).toBe(10);
    expect(result.contents).toEqual({
      rows: 13,
      unused: [
        { reason: "no content_ref", records: 1 },
        { reason: "no prompt", records: 1 },
        { reason: "repeated content_ref", records: 1 },
      ],
    });
  });
});

describe("money, consent and blindness", () => {
  test("a plan sends and writes nothing, and its price is within a factor of two of what is paid", async () => {
    const { judge, workspace, file } = await start();
    const before = readdirSync(workspace.path).sort();
    const plan = await planShadowJudge(workspace, judgeOptions(file, judge.url));
    expect(judge.stats.requests).toBe(0);
    expect(readdirSync(workspace.path).sort()).toEqual(before);
    expect(plan.calls.pair).toBe(2 * (plan.items - plan.exact));
    const { cost } = await judgeShadow(workspace, judgeOptions(file, judge.url));
    expect(plan.estimated_usd! / cost.usd).toBeGreaterThan(0.5);
    expect(plan.estimated_usd! / cost.usd).toBeLessThan(2);
  });

  test("the cap holds and leaves a random part; a higher one goes on", async () => {
    const { judge, workspace, file } = await start();
    const options = judgeOptions(file, judge.url);
    const maxUsd = (await planShadowJudge(workspace, options)).estimated_usd! / 2;
    const capped = await judgeShadow(workspace, { ...options, maxUsd });
    expect(capped.cost.usd).toBeLessThanOrEqual(maxUsd);
    expect(capped.cost.is_stopped_by_budget).toBe(true);
    expect(capped.asked).toBeGreaterThan(0);
    expect(capped.asked).toBeLessThan(60);
    expect(capped.notes.join("\n")).toMatch(/--max-usd stopped the run/);
    expect(await readVerdicts(workspace)).toHaveLength(capped.asked);
    expect((await judgeShadow(workspace, { ...options, maxUsd: 5 })).asked).toBe(60);
    expect(Math.max(...judge.stats.paid.values())).toBe(1);
  });

  test.each([
    ["no endpoint", { judgeUrl: null }, /nothing is sent without it/],
    ["a price that nobody knows", { judgeModel: "ours", maxUsd: 1 }, /no price is known for ours/],
    ["a file that isn't there", { pairs: ["nowhere.jsonl"] }, /nowhere.jsonl: no such file/],
  ] as const)("%s is refused before anything is sent", async (_, options, message) => {
    const { judge, workspace, file } = await start();
    const given = { ...judgeOptions(file, judge.url), ...options };
    await expect(judgeShadow(workspace, given)).rejects.toThrow(message);
    expect(judge.stats.requests).toBe(0);
    expect(existsSync(join(workspace.path, "label"))).toBe(false);
  });

  test("a log without a pair that can be judged is refused with the reasons", async () => {
    const { judge, workspace, file } = await start({}, [pairRecord("a"), pairRecord("b")]);
    await expect(judgeShadow(workspace, judgeOptions(file, judge.url))).rejects.toThrow(
      /none of 2 records can be judged \(2 no content was kept\).*--contents/,
    );
  });

  test("texts are redacted before they leave, and no prompt names a model or says which answer is which", async () => {
    const pairs = plantPairs(15);
    for (const { content } of pairs) content!.prompt += " Write to ada@example.org.";
    const bodies: string[] = [];
    const { judge, workspace, file } = await start(
      { onRequest: (_, __, body) => void (body !== "" && bodies.push(body)) },
      pairs,
    );
    const result = await judgeShadow(workspace, judgeOptions(file, judge.url));
    expect(result.redactions.find(({ kind }) => kind === "EMAIL")!.count).toBeGreaterThanOrEqual(15);
    const prompts = bodies.map(
      (body) => (JSON.parse(body) as { messages: Array<{ content: string }> }).messages,
    );
    expect(prompts.length).toBeGreaterThan(20);
    for (const messages of prompts) {
      expect(messages[1]!.content).not.toMatch(/ada@example|gpt-4o|baseline|candidate/i);
      expect(messages[0]!.content).not.toMatch(/gpt|baseline|candidate|cheap/i);
    }
  });
});

const signs: Readonly<Record<string, number>> = { baseline: 1, candidate: -1, tie: 0 };
