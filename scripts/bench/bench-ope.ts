import { existsSync } from "node:fs";
import { join } from "node:path";
import { type LadderRow, readMixedLadder } from "../../datasets/benchmarks/read-mixed-ladder.js";
import { createRandom } from "../../datasets/random.js";
import { denseMoments, standardise } from "../../models/classifier/standardise.js";
import { ngramPolicy } from "../../models/policies/linear-policies.js";
import { makePolicyRows } from "../../models/policies/make-policy-rows.js";
import { type BenchOutcome, runBench } from "./bench.js";
import { type KnownOutcomes, replayLogging } from "./replay-logging.js";

const weak = "gemini-1.5-flash";
const strong = "gemini-1.5-pro";
const evaluated = 3_650;
const epsilons = [0.02, 0.1, 0.3];
const estimators = ["naive", "dm", "ips", "snips", "dr"] as const;

await runBench({
  name: "ope",
  title: "Off-policy evaluation on real outcomes",
  about:
    "Real outcomes of Gemini 1.5 Flash and Pro on 3,650 MMLU-Pro prompts. The simulated log sends the longest 25 % of prompts to Pro and explores with chance epsilon, uniformly over both models. Target: a logistic regression on n-grams, learnt from the other prompts, that sends to Pro the 40 % on which Flash is least likely to be right. 300 logs are drawn on the same prompts for bias and RMSE against the target's true value, and 300 with the prompts drawn anew, with replacement, for the coverage of the 95 % intervals.",
  main: async ({ data, quick }) => {
    if (data === null || !existsSync(join(data, "routing/mixed/gemini15-2tier.jsonl")))
      return { figures: {}, skipped: "no routing/mixed in the data folder" };
    const outcomes = await knownOutcomes(readMixedLadder(data, "gemini"));
    return measure(outcomes, quick ? 20 : 300);
  },
});

/** The evaluated prompts are drawn at random; the target learns from the others. */
async function knownOutcomes(ladder: readonly LadderRow[]): Promise<KnownOutcomes> {
  const rows = createRandom(1).shuffle(ladder.filter(({ group }) => group.startsWith("mmlu-pro/")));
  const toPolicyRows = (some: readonly LadderRow[]) =>
    makePolicyRows(
      some.map(({ prompt, group, models }) => ({
        prompt,
        group,
        quality: [weak, strong].map((model) => models[model]!.correct),
        usd: [weak, strong].map((model) => models[model]!.est_cost_usd),
      })),
    );
  const own = toPolicyRows(rows.slice(0, evaluated));
  const router = await ngramPolicy.fit(toPolicyRows(rows.slice(evaluated)), 1);
  const [ofWeak] = await router.forecast(own);
  const { matrix } = own;
  return {
    quality: [own.quality[0]!, own.quality[1]!],
    logged: greatest(
      Float64Array.from(own.texts, (text) => text.length),
      0.25,
    ),
    target: greatest(
      ofWeak!.map((quality) => -quality),
      0.4,
    ),
    features: Float64Array.from(standardise(matrix.dense, denseMoments(matrix.dense, matrix.denseFeatures))),
    width: matrix.denseFeatures,
  };
}

/** 1 for the given share of rows with the greatest scores. */
function greatest(scores: Float64Array, share: number): Int32Array {
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const chosen = new Int32Array(scores.length);
  for (const row of order.slice(0, Math.round(share * scores.length))) chosen[row] = 1;
  return chosen;
}

function measure(outcomes: KnownOutcomes, replays: number): BenchOutcome {
  const { quality, logged, target } = outcomes;
  const meanOf = (choice: Int32Array) =>
    choice.reduce((sum, model, row) => sum + quality[model]![row]!, 0) / choice.length;
  const truth = meanOf(target);
  const figures: Record<string, number> = { truth, logged: meanOf(logged) };
  const rows = epsilons.map((epsilon) => {
    const { errors, covered } = replayOften(outcomes, { epsilon, replays, truth });
    return [
      epsilon.toFixed(2),
      ...estimators.map((name) => {
        const all = errors[name]!;
        const bias = all.reduce((sum, error) => sum + error, 0) / replays;
        const rmse = Math.sqrt(all.reduce((sum, error) => sum + error * error, 0) / replays);
        const key = `${name}_${String(epsilon).slice(2)}`;
        figures[`${key}_bias`] = bias;
        figures[`${key}_rmse`] = rmse;
        if (name === "naive") return `${signed(bias)} / ${rmse.toFixed(4)}`;
        figures[`${key}_coverage`] = covered[name]! / replays;
        return `${signed(bias)} / ${rmse.toFixed(4)} / ${((100 * covered[name]!) / replays).toFixed(0)} %`;
      }),
    ];
  });
  return {
    figures,
    reference: {
      source: "research, gemini flash/pro on 3,650 other MMLU-Pro prompts (its test split)",
      naive_bias: { "0.02": 0.0231, "0.1": 0.0214, "0.3": 0.0171 },
      dm_bias: 0.0289,
      ips_rmse: { "0.02": 0.0854, "0.1": 0.0375, "0.3": 0.0203 },
      snips_rmse: { "0.02": 0.0505, "0.1": 0.0217, "0.3": 0.0114 },
      dr_rmse: { "0.02": 0.0517, "0.1": 0.0215, "0.3": 0.0113 },
    },
    tables: [
      {
        title: `Bias / RMSE / coverage of the 95 % interval; truth ${truth.toFixed(4)}, logging policy ${figures.logged!.toFixed(4)}`,
        columns: ["epsilon", "naive replay", "DM", "IPS", "SNIPS", "DR"],
        rows,
      },
      {
        title: "What to expect: the same with the data set's test split, which is not in the folder",
        columns: ["epsilon", "naive bias", "DM bias", "IPS RMSE", "SNIPS RMSE", "DR RMSE"],
        rows: [
          ["0.02", "+.0231", "+.0289", ".0854", ".0505", ".0517"],
          ["0.10", "+.0214", "+.0289", ".0375", ".0217", ".0215"],
          ["0.30", "+.0171", "+.0289", ".0203", ".0114", ".0113"],
        ],
      },
    ],
    notes: [
      "Naive replay, the mean of the rows on which the log happens to agree with the target, and the direct method are wrong by more than their intervals know, whatever the size of the log. IPS, SNIPS and DR are right on average; SNIPS and DR need a third to a half of the rows that IPS needs.",
      "The intervals of IPS, SNIPS and DR cover about as often as they say. At epsilon 0.02 they are wide, for a handful of rows with a weight of 100 decides: `signalbox ope` prints the effective sample size and the estimates under several clips for that reason.",
      "How far naive replay and the direct method are off depends on prompts and target, so that their bias differs from the figures of the other split; the noise of IPS, SNIPS and DR depends on epsilon, and agrees.",
    ],
  };
}

function replayOften(
  outcomes: KnownOutcomes,
  { epsilon, replays, truth }: { epsilon: number; replays: number; truth: number },
) {
  const errors = Object.fromEntries(estimators.map((name): [string, number[]] => [name, []]));
  const covered: Record<string, number> = {};
  const n = outcomes.target.length;
  for (let replay = 0; replay < replays; replay++) {
    const random = createRandom(1_000 * replay + Math.round(100 * epsilon));
    const everyRow = Int32Array.from({ length: n }, (_, row) => row);
    const fixed = replayLogging(outcomes, { chosen: everyRow, epsilon, random, seed: replay });
    const chosen = Int32Array.from({ length: n }, () => random.below(n));
    const anew = replayLogging(outcomes, { chosen, epsilon, random, seed: replay });
    for (const name of estimators) {
      const estimate = fixed[name].value;
      const value = typeof estimate === "number" ? estimate : estimate.value;
      errors[name]!.push(value - truth);
      const interval = anew[name].value;
      if (typeof interval === "number") continue;
      covered[name] = (covered[name] ?? 0) + Number(interval.low <= truth && truth <= interval.high);
    }
  }
  return { errors, covered };
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)}`;
}
