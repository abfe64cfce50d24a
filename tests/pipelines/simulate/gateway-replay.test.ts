import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { MarkupResult } from "../../../datasets/markup-result.js";
import { packageRoot } from "../../../datasets/package-root.js";
import type { RequestRow } from "../../../datasets/request-log.js";
import type { SimulateResult } from "../../../datasets/results.js";
import { openTables, type Workspace, writeResult } from "../../../datasets/workspace.js";
import { inferMarkup } from "../../../pipelines/markup/markup.js";
import { simulate } from "../../../pipelines/simulate/simulate.js";
import { replayArtifact, replayableRow, replayWorkspace } from "../../support/replay-workspace.js";

const [markup, fee] = [0.055, 0.0005];
/** USD per million tokens of the pool, input and output. */
const prices = { "gpt-4.1-nano": [0.1, 0.4], "gpt-4.1-mini": [0.4, 1.6], "gpt-4.1": [2, 8] } as const;
type Model = keyof typeof prices;
const pool = Object.keys(prices) as Model[];

/** Tokens of a planted call: of all sizes, so that share and fee can be told apart. */
const tokensOf = (i: number) => ({ input: 100 + ((i * 7919) % 5000), output: 20 + ((i * 104_729) % 900) });

function listUsd(i: number, model: Model): number {
  const { input, output } = tokensOf(i);
  return (input * prices[model][0] + output * prices[model][1]) / 1e6;
}

const chargedUsd = (i: number, model: Model) => listUsd(i, model) * (1 + markup) + fee;

/** A call through a gateway that charges 5.5 % and $0.0005. */
function gatewayCall(i: number, fields: Partial<RequestRow> = {}): RequestRow {
  const { input, output } = tokensOf(i);
  return replayableRow(i, {
    gateway: "toll",
    session_id: `s${i % 40}`,
    input_uncached_tokens: input,
    input_total_tokens: input,
    output_text_tokens: output,
    output_total_tokens: output,
    cost_list_usd: listUsd(i, "gpt-4.1"),
    cost_reported_usd: chargedUsd(i, "gpt-4.1"),
    ...fields,
  });
}

const estimate = (value: number) => ({ value, low: 0.99 * value, high: 1.01 * value, method: "", n: 99 });
const planted = {
  schema_version: 1,
  groups: [
    {
      gateway: "toll",
      provider: "openai",
      model: "gpt-4.1",
      markup: estimate(markup),
      fee_usd: estimate(fee),
      by_kind: null,
    },
  ],
} as unknown as MarkupResult;

const size = 200;
const artifact = replayArtifact();

async function savings(workspace: Workspace): Promise<{ result: SimulateResult; chosen: number[] }> {
  const result = await simulate(workspace, { artifact });
  const engine = await openTables(workspace);
  const rows = await engine.rows<{ chosen: number }>("SELECT chosen FROM replay ORDER BY row");
  engine.close();
  return { result, chosen: rows.map(({ chosen }) => chosen) };
}

function savingOf(result: SimulateResult, strategy: string): number {
  return result.traffic!.strategies.find((row) => row.strategy === strategy)!.saving!.value;
}

const calls = Array.from({ length: size }, (_, i) => i);
const sum = (usdOf: (i: number) => number) => calls.reduce((total, i) => total + usdOf(i), 0);
const billed = sum((i) => chargedUsd(i, "gpt-4.1"));

test("the saving is that of a gateway that charges every model, and off by its part without a mark-up", async () => {
  const workspace = await replayWorkspace(calls.map((i) => gatewayCall(i)));
  const naive = await savings(workspace);
  writeResult(workspace, "markup", planted);
  const { result, chosen } = await savings(workspace);
  const places: Array<[strategy: string, modelOf: (i: number) => Model]> = [
    ["always_cheapest", () => "gpt-4.1-nano"],
    ["always_strong", () => "gpt-4.1"],
    ["router", (i) => pool[chosen[i]!]!],
  ];
  for (const [strategy, modelOf] of places) {
    const truth = 1 - sum((i) => chargedUsd(i, modelOf(i))) / billed;
    const missing = (i: number) => (modelOf(i) === "gpt-4.1" ? 0 : listUsd(i, modelOf(i)) * markup + fee);
    expect(Math.abs(savingOf(result, strategy) - truth), strategy).toBeLessThan(1e-12);
    expect(Math.abs(savingOf(naive.result, strategy) - truth - sum(missing) / billed), strategy).toBeLessThan(
      1e-12,
    );
  }
  expect(sum((i) => listUsd(i, "gpt-4.1-nano") * markup + fee) / billed).toBeGreaterThan(0.05);
  expect(naive.result.notes.at(-1)).toMatch(
    /^200 replayed attempts \(100\.0 % .*Run `signalbox markup` first/,
  );
  expect(result.notes.at(-1)).toMatch(/^200 replayed attempts went through a gateway that adds/);
  expect(result.gateway_terms).toEqual([
    {
      gateway: "toll",
      provider: "openai",
      model: "gpt-4.1",
      billed: { markup, fee_usd: fee },
      on: pool.map(() => ({ markup, fee_usd: fee })),
    },
  ]);
});

test("what signalbox markup infers of the log itself gives that saving", async () => {
  const workspace = await replayWorkspace(calls.map((i) => gatewayCall(i)));
  await inferMarkup(workspace);
  const { result } = await savings(workspace);
  const truth = 1 - sum((i) => chargedUsd(i, "gpt-4.1-nano")) / billed;
  expect(savingOf(result, "always_cheapest")).toBeCloseTo(truth, 6);
});

test("only a bill that is the gateway's own figure carries its mark-up", async () => {
  const workspace = await replayWorkspace([
    gatewayCall(0),
    gatewayCall(1, { cost_reported_usd: null }),
    gatewayCall(2, { cost_reported_usd: 0 }),
    gatewayCall(3, { gateway: "other" }),
    gatewayCall(4, { status: "error", error_class: "server" }),
    gatewayCall(5, { provider: null }),
  ]);
  writeResult(workspace, "markup", planted);
  const { result } = await savings(workspace);
  const engine = await openTables(workspace);
  const rows = await engine.rows<{ row: number; usd: number }>("FROM replay_models WHERE model = 0");
  engine.close();
  const usd = new Map(rows.map((row) => [row.row, row.usd]));
  expect(usd.get(0)).toBeCloseTo(chargedUsd(0, "gpt-4.1-nano"), 15);
  for (const i of [1, 2, 3, 5]) expect(usd.get(i), `call ${i}`).toBeCloseTo(listUsd(i, "gpt-4.1-nano"), 15);
  expect(usd.has(4)).toBe(false);
  expect(result.notes.slice(-2)).toEqual([
    expect.stringMatching(/^1 replayed attempts went through a gateway/),
    expect.stringMatching(/^2 replayed attempts .* could not be told/),
  ]);
});

test("a log without a gateway's prices has nothing to say of mark-ups", async () => {
  const workspace = await replayWorkspace([replayableRow(0)]);
  const { result } = await savings(workspace);
  expect(result.gateway_terms).toEqual([]);
  expect(result.notes.join()).not.toContain("gateway");
});

test("worker threads carry the mark-up to the same bytes as one", async () => {
  const compiled = join(packageRoot, "dist/pipelines/simulate/simulate.js");
  const run = ((await import(pathToFileURL(compiled).href)) as { simulate: typeof simulate }).simulate;
  const workspace = await replayWorkspace(
    calls.map((i) => gatewayCall(i, i % 3 === 0 ? { gateway: "other" } : {})),
  );
  writeResult(workspace, "markup", planted);
  const hashes = () =>
    ["replay_models/replay_models.parquet", "replay/replay.parquet", "results/simulate.json"].map((path) =>
      createHash("sha256")
        .update(readFileSync(join(workspace.path, path)))
        .digest("hex"),
    );
  await run(workspace, { artifact, workers: 1 });
  const one = hashes();
  await run(workspace, { artifact, workers: 2 });
  expect(hashes()).toEqual(one);
});
