import { expect, test } from "vitest";
import type { LeversResult } from "../../../datasets/levers-result.js";
import type { MarkupResult } from "../../../datasets/markup-result.js";
import { openPriceBook } from "../../../datasets/prices/price-book.js";
import { documentedDiscount } from "../../../datasets/prices/service-tier.js";
import { readResult, writeResult } from "../../../datasets/workspace.js";
import { answerLevers } from "../../../pipelines/levers/answer-levers.js";
import { modelRates, pricesAt } from "../../../pipelines/levers/model-rates.js";
import { openReplay } from "../../../pipelines/replay/open-replay.js";
import { simulate } from "../../../pipelines/simulate/simulate.js";
import { replayArtifact, replayableRow, replayWorkspace } from "../../support/replay-workspace.js";

const oneTurn = { is_stream: false, history_turns: 0, n_tools: 0 };

async function leversOf(fields: ReadonlyArray<Parameters<typeof replayableRow>[1]>, markup?: MarkupResult) {
  const workspace = await replayWorkspace(fields.map((row, i) => replayableRow(i, row)));
  const artifact = replayArtifact();
  if (markup !== undefined) writeResult(workspace, "markup", markup);
  await simulate(workspace, { artifact });
  const replayed = await openReplay(workspace, artifact);
  return { replayed, written: readResult<LeversResult>(workspace, "levers")! };
}

test("simulate leaves the levers of a workspace, and the same again gives the same bytes", async () => {
  const { replayed, written } = await leversOf([
    oneTurn,
    { ...oneTurn, is_stream: true },
    { ...oneTurn, history_turns: 2 },
    { ...oneTurn, n_tools: 1 },
    { ...oneTurn, is_batch: true },
    { ...oneTurn, service_tier: "flex" },
    { ...oneTurn, provider: "deepseek" },
    { ...oneTurn, model: "claude-sonnet-4-5", provider: "anthropic", cost_list_usd: 0.01 },
    { ...oneTurn, is_stream: null },
  ]);
  const batch = written.levers.find(({ lever }) => lever === "batch")!;
  expect(batch.requests).toBe(2);
  expect(batch.alone.value).toBeCloseTo(0.0006 / 2 + 0.01 / 2, 12);
  expect(JSON.stringify(await answerLevers(replayed))).toBe(JSON.stringify(written));
});

test("a mark-up comes off the calls that went through its gateway, where it is certain", async () => {
  const group = (gateway: string, low: number) => ({
    gateway,
    provider: "openai",
    model: "gpt-4.1",
    markup: { value: 0.25, low, high: 0.3, method: "", n: 9 },
    by_kind: null,
    fee_usd: { value: 0.0001, low: -0.0001, high: 0.0003, method: "", n: 9 },
  });
  const markup = {
    schema_version: 1,
    groups: [group("toll", 0.2), group("doubt", -0.1)],
  } as unknown as MarkupResult;
  const reported = { cost_reported_usd: 0.001 };
  const { written } = await leversOf(
    [
      { ...reported, gateway: "toll" },
      { ...reported, gateway: "doubt" },
      { gateway: "toll" },
      { ...reported, gateway: "toll", model: "gpt-4.1-mini" },
    ],
    markup,
  );
  const row = written.levers.find(({ lever }) => lever === "markup")!;
  expect([row.requests, row.coverage.requests]).toEqual([1, 1]);
  expect(row.alone.value).toBeCloseTo(0.001 * 0.2, 12);
});

test("a mark-up that is known only after the replay is no lever, and the notes say so", async () => {
  const { replayed, written } = await leversOf([{ cost_reported_usd: 0.001, gateway: "toll" }]);
  expect(written.notes.join()).not.toContain("run after this replay");
  writeResult(replayed.workspace, "markup", { groups: [{}] });
  const later = await answerLevers(replayed);
  expect(later.levers.map(({ lever }) => lever)).not.toContain("markup");
  expect(later.notes.at(-1)).toMatch(/run after this replay.*run signalbox simulate again/);
});

test("providers whose calls are batchable are those with a documented batch price", async () => {
  const providers = [
    "openai",
    "azure",
    "anthropic",
    "google",
    "aws",
    "mistral",
    "groq",
    "deepseek",
    "xai",
    "cohere",
  ];
  const { written } = await leversOf(providers.map((provider) => ({ ...oneTurn, provider })));
  const documented = providers.filter((provider) => documentedDiscount("batch", provider, "m") !== null);
  expect(written.levers.find(({ lever }) => lever === "batch")!.requests).toBe(documented.length);
});

test("prices are those of the moment and of the prompt's size", () => {
  const at = Date.UTC(2026, 0, 5) * 1000;
  const models = [
    { model: "gpt-4.1", provider: "openai" },
    { model: "claude-sonnet-4-5", provider: "anthropic" },
    { model: "nobody-lists-this", provider: null },
  ];
  const [gpt, claude, unlisted] = modelRates(openPriceBook(), models, [at, at]);
  expect(pricesAt(gpt!, at, 100)).toMatchObject({ input: 2e-6, cacheRead: 0.5e-6, output: 8e-6 });
  expect(pricesAt(claude!, at, 100)).toMatchObject({ input: 3e-6, cacheRead: 0.3e-6, cacheWrite: 3.75e-6 });
  expect(pricesAt(claude!, at, 200_001)!.input).toBe(6e-6);
  expect([gpt!.batchRatio, claude!.batchRatio]).toEqual([0.5, 0.5]);
  expect([pricesAt(unlisted!, at, 100), unlisted!.batchRatio]).toEqual([null, Number.NaN]);
});

test("a stretch of time without a price is unknown, not the price of another time", () => {
  const tier = { minInputTokens: 0, input: 1, cacheRead: 0.1, cacheWrite: 1, output: 4 };
  const rates = {
    windows: [
      { from: 0, tiers: [] },
      { from: 100, tiers: [tier] },
    ],
    batchRatio: Number.NaN,
  };
  expect([pricesAt(rates, 99, 5), pricesAt(rates, 100, 5)]).toEqual([null, tier]);
});
