import { beforeAll, expect, it } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import type { GateRates } from "../../../models/cascade/gate.js";
import { clopperPearson } from "../../../models/statistics/clopper-pearson.js";
import { cascadeRows } from "../../../pipelines/cascade/cascade-rows.js";
import { cascadeTimes } from "../../../pipelines/cascade/cascade-times.js";
import { treatmentDescriber } from "../../../pipelines/cascade/describe-treatment.js";
import { loggedTimes } from "../../../pipelines/cascade/logged-times.js";
import { matchedRouter } from "../../../pipelines/cascade/matched-router.js";
import { sumCascade } from "../../../pipelines/cascade/sum-cascade.js";
import type { ReplayData } from "../../../pipelines/replay/replay-data.js";
import { cascadeWorld } from "../../support/cascade-world.js";

const truth = { tpr: 0.9, tnr: 0.8 };
const [worlds, answers] = [200, 80];
const figures = ["usd", "retention", "strong_share", "versus"] as const;

/** Figures per request of a cascade behind the router, as the simulation works them out. */
function figuresOf(replay: ReplayData, rates: GateRates) {
  const rows = cascadeRows(replay);
  const times = cascadeTimes(rows, {
    models: loggedTimes(replay),
    gateMs: 0,
  });
  const strong = sumCascade(rows, times, { cascade: null, modelOf: () => 1 });
  const cascade = { takes: "routed" as const, askFrom: 0, gateUsd: 1e-4, abortedShare: null };
  const sums = sumCascade(rows, times, { cascade, modelOf: () => 1 });
  const { usd, retention, strong_share } = treatmentDescriber(rows, strong)(sums, rates, true);
  const each = <T extends { value: number; low: number; high: number }>({ value, low, high }: T) => {
    const n = rows.rows.length;
    return { value: value / n, low: low / n, high: high / n };
  };
  return {
    usd: each(usd!),
    retention: retention!,
    strong_share: strong_share!,
    versus: each(matchedRouter(rows)(sums, rates)!),
  };
}

const known = (value: number) => ({ value, low: value, high: value });
const covered = { usd: 0, retention: 0, strong_share: 0, versus: 0 };
const coveredWithoutGate = { ...covered };

beforeAll(() => {
  const exact = figuresOf(cascadeWorld(1_000_003, 30_000), { tpr: known(truth.tpr), tnr: known(truth.tnr) });
  for (let seed = 1; seed <= worlds; seed++) {
    const random = createRandom(7_919 * seed);
    const measure = (rate: number) => {
      const hits = Array.from({ length: answers }, () => Number(random.uniform() < rate));
      return clopperPearson(
        hits.reduce((sum, hit) => sum + hit, 0),
        answers,
      );
    };
    const rates = { tpr: measure(truth.tpr), tnr: measure(truth.tnr) };
    const replay = cascadeWorld(seed, 120);
    const whole = figuresOf(replay, rates);
    const without = figuresOf(replay, { tpr: known(rates.tpr.value), tnr: known(rates.tnr.value) });
    for (const name of figures) {
      const inside = ({ low, high }: { low: number; high: number }) =>
        Number(low <= exact[name].value && exact[name].value <= high);
      covered[name] += inside(whole[name]);
      coveredWithoutGate[name] += inside(without[name]);
    }
  }
}, 60_000);

it.each(figures)("95 %% intervals of %s cover the truth in 92 %% of 200 worlds or more", (name) => {
  expect(covered[name] / worlds).toBeGreaterThanOrEqual(0.92);
});

it("would cover the quality kept far less often if the gate's rates were taken as known", () => {
  expect(coveredWithoutGate.retention / worlds).toBeLessThan(0.85);
});
