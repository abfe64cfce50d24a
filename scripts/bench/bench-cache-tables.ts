import type { BenchTable } from "./bench.js";
import { certifiedDelta, certifiedVariants } from "./bench-cache-certified.js";
import type { PolicySummary, SplitShare } from "./bench-cache-summary.js";

/** Results of one set with one embedder. */
export interface SetResult {
  set: string;
  embedder: string;
  summaries: readonly PolicySummary[];
}

/** Share of the splits whose USR may be above alpha: delta and two standard errors of that many splits, 14.2 % of 200. */
function mostViolations(splits: number): number {
  return Math.min(1, certifiedDelta + 2 * Math.sqrt((certifiedDelta * (1 - certifiedDelta)) / splits));
}

const names: ReadonlyMap<string, string> = new Map([
  ["exact", "exact only"],
  ["naive_global_usr", "one cosine tuned to labelled USR, no bound"],
  ["naive_category_usr", "cosine per category tuned to labelled USR, no bound"],
  ["naive_category_fhr", "cosine per category tuned to labelled FHR, no bound"],
  ["vcache", "vCache, later part"],
  ["vcache_whole", "vCache, whole stream from an empty cache"],
  ...certifiedVariants.map(({ name, about }) => [name, about] as const),
]);

/** Hit rate, USR and FHR of all policies but those with an erring judge. */
export function hitTable({ set, embedder, summaries }: SetResult): BenchTable {
  return {
    title: `${set}, ${embedder}: hits and wrong hits on the later part, %`,
    columns: ["policy", "target", "hit rate", "USR", "within a split", "FHR", "labels", "splits"],
    rows: summaries
      .filter(({ policy }) => !policy.startsWith("judge"))
      .toSorted((a, b) => rankOf(a.policy) - rankOf(b.policy))
      .map((summary) => [
        nameOf(summary.policy),
        targetOf(summary),
        share(summary.hitRate),
        share(summary.usr),
        `± ${percent(summary.usrWithin, 2)}`,
        share(summary.fhr),
        summary.labels.toFixed(0),
        String(summary.splits),
      ]),
  };
}

const order = ["exact", "cosine", "naive", "vcache", "ours"];

function rankOf(policy: string): number {
  return order.findIndex((start) => policy.startsWith(start));
}

/** How often the target was missed. */
export function guaranteeTable({ set, embedder, summaries }: SetResult): BenchTable {
  return {
    title: `${set}, ${embedder}: splits whose later part is above the target`,
    columns: ["policy", "target", "USR above", "FHR above", "of splits", "wanted", "mean hit rate, %"],
    rows: summaries
      .filter(({ policy, target }) => target !== null && !policy.startsWith("vcache"))
      .map(({ policy, target, splits, usrViolations, fhrViolations, hitRate }) => {
        const isTunedToFhr = policy === "naive_category_fhr";
        const isPromise =
          policy.startsWith("ours") || (policy.startsWith("judge") && !policy.endsWith("ignored"));
        return [
          nameOf(policy),
          `${percent(target!, 0)} % ${isTunedToFhr ? "FHR" : "USR"}`,
          `${percent(usrViolations / splits, 1)} %`,
          isTunedToFhr ? `${percent(fhrViolations / splits, 1)} %` : "-",
          String(splits),
          isPromise ? `<= ${percent(mostViolations(splits), 1)} %` : "-",
          percent(hitRate.mean, 1),
        ];
      }),
  };
}

/** Certified hit rate beside what was wanted and beside vCache. */
export function certifiedHits(
  results: readonly SetResult[],
  wanted: Readonly<Record<string, readonly number[]>>,
): BenchTable {
  const rows = results.flatMap(({ set, embedder, summaries }) =>
    [0.01, 0.02].map((target, i) => {
      const find = (policy: string) =>
        summaries.find((summary) => summary.policy === policy && summary.target === target);
      const ours = find("ours_answers")?.hitRate.mean ?? Number.NaN;
      const paid = find("ours_labels")?.hitRate.mean ?? Number.NaN;
      const theirs = find("vcache")?.hitRate.mean ?? Number.NaN;
      const goal = wanted[set]?.[i];
      return [
        `${set}, ${embedder}`,
        `${percent(target, 0)} %`,
        percent(ours, 1),
        percent(paid, 1),
        goal === undefined ? "-" : `${percent(goal, 0)}: ${ours >= goal ? "met" : "missed"}`,
        percent(theirs, 1),
        `${(ours / theirs).toFixed(1)}x: ${ours >= 2 * theirs ? "met" : "missed"}`,
        `${(paid / theirs).toFixed(1)}x`,
      ];
    }),
  );
  return {
    title: "Certified hit rate, %",
    columns: [
      "set, embedder",
      "USR at most",
      "score from answers",
      "score from labels",
      "wanted (answers)",
      "vCache, later part",
      "ours / vCache, wanted 2x",
      "from labels / vCache",
    ],
    rows,
  };
}

function nameOf(policy: string): string {
  return names.get(policy) ?? policy.replace("_", " ");
}

function targetOf({ policy, target }: PolicySummary): string {
  if (target === null) return "-";
  return `${percent(target, 0)} % ${policy.endsWith("fhr") ? "FHR" : "USR"}`;
}

function share({ mean, low, high }: SplitShare): string {
  return `${percent(mean, 2)} [${percent(low, 1)}, ${percent(high, 1)}]`;
}

/** A share in per cent, without the sign. */
export function percent(value: number, digits: number): string {
  return (100 * value).toFixed(digits);
}
