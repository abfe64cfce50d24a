import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Ladder, ladders } from "../../datasets/benchmarks/read-mixed-ladder.js";
import type { Estimate } from "../../datasets/results.js";
import { type BenchOutcome, runBench } from "./bench.js";
import { type PromiseTrial, tryPromises } from "./bench-mixed-promise.js";
import { type LadderRun, runLadder } from "./bench-mixed-run.js";

const retention = 0.98;
const seed = 1;

await runBench({
  name: "mixed",
  title: "Four real price ladders",
  about:
    "Real outcomes of four vendors' models on MMLU-Pro, GSM8K, MATH level 5 and CRUX. The train split goes through the product's own steps (`outcomes import`, `train`, `export`), and the exported artifact decides the dev split, which nothing else saw. Promise: 98 % retention with 95 % confidence. Costs are estimates from characters at 2024 list prices.",
  main: async ({ data, quick }) => {
    if (data === null || !existsSync(join(data, "routing/mixed")))
      return { figures: {}, skipped: "no routing/mixed in the data folder" };
    const names = quick ? (["openai"] as const) : (Object.keys(ladders) as Ladder[]);
    const runs: LadderRun[] = [];
    for (const name of names) runs.push(await runLadder(data, name, { retention, seed }));
    const trials: PromiseTrial[] = [];
    for (const name of quick ? [] : names) trials.push(await tryPromises(data, name, { retention, seed }));
    return outcomeOf(runs, trials);
  },
});

function outcomeOf(runs: readonly LadderRun[], trials: readonly PromiseTrial[]): BenchOutcome {
  const figures: Record<string, number> = {};
  for (const { ladder, evaluation } of runs) {
    const router = evaluation.rows[0]!;
    figures[`${ladder}_apgr`] = router.apgr!.value;
    figures[`${ladder}_retention`] = router.retention.value;
    figures[`${ladder}_retention_low`] = router.retention.low;
    figures[`${ladder}_saving`] = router.cost_saving!.value;
  }
  return {
    figures,
    tables: [
      {
        title: "Dev split, decided by the exported artifact",
        columns: ["ladder", "strategy", "APGR", "PGR", "retention", "saving", "strong calls"],
        rows: runs.flatMap(({ ladder, evaluation }) =>
          evaluation.rows.map((row) => [
            `${ladder}, ${evaluation.n} rows`,
            row.strategy,
            row.apgr === null ? "-" : interval(row.apgr, 3),
            interval(row.pgr, 3),
            interval(row.retention, 3),
            row.cost_saving === null ? "-" : percentInterval(row.cost_saving),
            `${(100 * row.strong_share.value).toFixed(1)} %`,
          ]),
        ),
      },
      {
        title: "What training said",
        columns: [
          "ladder",
          "strong",
          "threshold",
          "certified retention",
          "models left out",
          "harmful flips, worst wording",
        ],
        rows: runs.map(({ ladder, evaluation, policy, flips }) => {
          const thresholds = Object.values(policy.thresholds);
          const { min_sufficiency, retention_low } = thresholds[0]!;
          return [
            ladder,
            evaluation.strong,
            min_sufficiency?.toFixed(4) ?? `none: ${thresholds[0]!.note}`,
            retention_low?.toFixed(4) ?? "-",
            policy.excluded.map(({ model, reason }) => `${model} (${reason})`).join("; ") || "none",
            flips,
          ];
        }),
      },
      ...(trials.length === 0
        ? []
        : [
            {
              title: "A threshold chosen on the dev split by its point estimate, and by a lower bound",
              columns: [
                "ladder",
                "dev rows: weak / strong quality",
                "by point estimate: share routed away, retention on fresh rows",
                "by bound: share routed away, retention on fresh rows",
              ],
              rows: trials.map(({ ladder, devQuality, point, bound }) => [ladder, devQuality, point, bound]),
            },
          ]),
    ],
    notes: [
      "Retention is against the strong model on the same rows; APGR and PGR are between the cheapest candidate and the strong one and mean little where these are about equally good. `random` and `length` call the strong model as often as the router does; `cost_matched_random` spends what it spends.",
      "The last table: scores by a model of one half of the train split, thresholds from the dev split alone, retention on the other half. The openai dev split happens to show gpt-4o-mini almost level with gpt-4o; a point estimate believes it.",
    ],
  };
}

function interval({ value, low, high }: Estimate, digits: number): string {
  return `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

function percentInterval({ value, low, high }: Estimate): string {
  return `${(100 * value).toFixed(1)} % [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
}
