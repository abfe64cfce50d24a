import type { GateFacts } from "../../../datasets/cascade-result.js";
import { createRandom } from "../../../datasets/random.js";
import type { Estimate } from "../../../datasets/results.js";
import { assumedPassShare } from "../../../models/cascade/pass-cost.js";
import { clopperPearson } from "../../../models/statistics/clopper-pearson.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { cascadeRows } from "../../../pipelines/cascade/cascade-rows.js";
import { compareCascades } from "../../../pipelines/cascade/compare-cascades.js";
import { describeVerification } from "../../../pipelines/verification/describe-verification.js";
import { sumVerification } from "../../../pipelines/verification/sum-verification.js";
import { type HeadlineGroup, perSession } from "./headline-group.js";
import type { PlantedDraw } from "./planted-draw.js";
import { plantedPolicy } from "./planted-policy.js";

/** Confidence from which the cheap model is asked. */
const askFrom = 0.5;
const gatePrice = { usd: 2e-5, ms: 150 };
/** How often the planted gate is right. */
const gateTruth = { tpr: 0.92, tnr: 0.8 };
/** Answers of each kind on which a log's owner measured it. */
const gateAnswers = 200;

/** What `signalbox simulate cascade` and `verification` say at a given setting, with a gate whose rates were measured on other answers. */
export const cascadeHeadlines: HeadlineGroup = {
  title: "Cascade, race and verification",
  estimate: (draw) => figuresOf(draw, measuredGate(draw.seed)),
  truth: (world) => {
    const exact = (value: number): Estimate => ({ value, low: value, high: value, method: "planted", n: 0 });
    const gate = gateOf(exact(gateTruth.tpr), exact(gateTruth.tnr));
    const truth: Record<string, number> = {};
    for (const [key, interval] of Object.entries(figuresOf(world, gate)))
      if (interval !== null) truth[key] = interval.value;
    return { ...truth, ...meanTimes(world) };
  },
};

function figuresOf(draw: PlantedDraw, gate: GateFacts): Record<string, Interval | null> {
  const rows = cascadeRows(draw.replay);
  const { strategies } = compareCascades(rows, {
    strongModel: plantedPolicy(draw.world).models.at(-1)!,
    gate,
    retention: 0.95,
    billing: "full",
    askFrom,
  });
  const found: Record<string, Interval | null> = {};
  const total = (estimate: Estimate | null) => estimate && perSession(estimate, draw);
  for (const row of strategies) {
    if (row.strategy === "limit") continue;
    if (row.takes === null) {
      found[`${row.strategy}_mean_ms`] = row.mean_ms;
      continue;
    }
    const name = `${row.strategy}_${row.takes}`;
    for (const figure of ["saving", "saving_of_strong", "retention", "strong_share", "escalated"] as const)
      found[`${name}_${figure}`] = row[figure];
    found[`${name}_usd`] = total(row.usd);
    found[`${name}_versus_router_usd`] = total(row.versus_router_usd);
    if (name === "cascade_all") found[`${name}_mean_ms`] = row.mean_ms;
  }
  const strongAt = rows.strong * draw.replay.rows;
  const passUsd = (row: number) => assumedPassShare * draw.replay.usd[strongAt + row]!;
  const verified = describeVerification(
    sumVerification(rows, { passUsd, strongError: 0 }),
    sumVerification(rows, { passUsd, strongError: 0, answeredBy: rows.first }),
    { gate, errorUsd: 1, strongError: 0, cheapModel: draw.replay.models[0]! },
  );
  for (const figure of ["pass_usd", "repair_usd", "usd", "errors", "caught", "missed", "net_usd"] as const)
    found[`verification_${figure}`] = total(verified[figure]);
  for (const figure of [
    "stakes_share",
    "usd_per_stakes_request",
    "share_of_bill",
    "break_even_error_usd",
  ] as const)
    found[`verification_${figure}`] = verified[figure];
  return found;
}

/** A gate as its owner knows it: from a sample of answers, with exact intervals. */
function measuredGate(seed: number): GateFacts {
  const random = createRandom(50_000_000 + seed);
  const measure = (rate: number): Estimate => {
    let hits = 0;
    for (let i = 0; i < gateAnswers; i++) hits += Number(random.uniform() < rate);
    const { low, high } = clopperPearson(hits, gateAnswers);
    return { value: hits / gateAnswers, low, high, method: "Clopper-Pearson", n: gateAnswers };
  };
  return gateOf(measure(gateTruth.tpr), measure(gateTruth.tnr));
}

function gateOf(tpr: Estimate, tnr: Estimate): GateFacts {
  return { source: "planted", tpr, tnr, ...gatePrice, is_simulated: true };
}

/** True mean times of calls that somebody waits for, from the models' own. */
function meanTimes({ attempts }: PlantedDraw): Record<string, number> {
  let [rows, strong, router, cascade] = [0, 0, 0, 0];
  for (const { chosen, isBatch, meanMs, sufficiency } of attempts) {
    if (chosen < 0 || isBatch) continue;
    const strongMs = meanMs.at(-1)!;
    const enough = sufficiency[0]!;
    const escalates = enough * (1 - gateTruth.tpr) + (1 - enough) * gateTruth.tnr;
    rows += 1;
    strong += strongMs;
    router += meanMs[chosen]!;
    cascade += enough < askFrom ? strongMs : meanMs[0]! + gatePrice.ms + escalates * strongMs;
  }
  return {
    always_strong_mean_ms: strong / rows,
    router_mean_ms: router / rows,
    cascade_all_mean_ms: cascade / rows,
  };
}
