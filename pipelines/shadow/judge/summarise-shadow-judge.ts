import type { Estimate } from "../../../datasets/results.js";
import type { ShadowJudgeResult } from "../../../datasets/shadow-judge-result.js";
import {
  clusterRatio,
  clusterRatioInterval,
  numberClusters,
} from "../../../models/statistics/cluster-ratio.js";
import { countCanaries } from "../../label/count-canaries.js";
import type { Journal } from "../../label/journal.js";
import type { JudgeReply } from "../../label/judge.js";
import { tallyCalls } from "../../label/tally-calls.js";
import { weightedShare } from "../../label/weighted-share.js";
import { groupBy } from "../../trust/group-by.js";
import type { PreparedShadowJudge, ShadowJudgeOptions } from "./plan-shadow-judge.js";
import { ShadowOrder } from "./preference-call.js";
import { readPreference } from "./read-preference.js";
import { type ShadowLabel, signOf } from "./read-shadow-pair.js";
import { shadowCanaryWarning } from "./shadow-canaries.js";

/** What a run found, before it is summed up. */
export interface ShadowSummaryInput {
  prepared: PreparedShadowJudge;
  /** Pairs that were asked about or decided by facts, up to the first that was not. */
  labelled: readonly ShadowLabel[];
  journal: Journal;
  options: ShadowJudgeOptions;
  unansweredCalls: number;
  isStoppedByBudget: boolean;
}

/** Count what was asked, answered, decided and paid, and say what it means. */
export function summariseShadowJudge(input: ShadowSummaryInput): ShadowJudgeResult {
  const { prepared, labelled, journal, options } = input;
  const { plan, items, factory, canaries } = prepared;
  const orderOf = new Map(canaries.map(({ call, order }) => [call.key, order]));
  const { cost, ...tally } = tallyCalls(
    {
      pair: items.flatMap(({ exact, texts }) => (exact === null ? factory.calls(texts) : [])),
      canary: canaries.map(({ call }) => call),
    },
    { journal, runId: plan.run_id, failureOf: (reply) => readPreference(reply, true).failure },
  );
  const judged = labelled.filter(({ item, difference }) => item.exact === null && difference !== null);
  const body = {
    ...tally,
    run_id: plan.run_id,
    rubric: factory.rubric.id,
    completed_at: new Date().toISOString(),
    mode: options.mode,
    seed: options.seed,
    records: plan.records,
    pairs: plan.pairs,
    excluded: plan.excluded,
    contents: plan.contents,
    drawn: items.length,
    asked: labelled.length,
    exact_checks: countBy(labelled.flatMap(({ item }) => item.exact?.check ?? [])).map(([check, pairs]) => ({
      check,
      pairs,
    })),
    verdicts: countBy(labelled.map(verdictName)).map(([verdict, pairs]) => ({ verdict, pairs })),
    difference: meanOf(labelled, ({ difference }) => difference),
    baseline_success: successShare(labelled, ({ baselineSuccess }) => baselineSuccess),
    candidate_success: successShare(labelled, ({ candidateSuccess }) => candidateSuccess),
    order_flip_rate: successShare(judged, ({ verdicts: [a, b] }) => a !== b),
    first_place_preference: meanOf(judged, ({ verdicts: [a, b] }) => (signOf(a!) - signOf(b!)) / 2),
    canaries: countCanaries(
      canaries,
      journal,
      (reply: JudgeReply) =>
        readPreference(reply, orderOf.get(reply.key) === ShadowOrder.baselineFirst).verdict,
    ),
    redactions: plan.redactions,
    unanswered_calls: input.unansweredCalls,
    cost: { ...cost, max_usd: options.maxUsd, is_stopped_by_budget: input.isStoppedByBudget },
  };
  return { schema_version: 1, ...body, notes: notesOf(body) };
}

function verdictName({ difference, verdicts: [a, b] }: ShadowLabel): string {
  if (difference === null) return "failed";
  if (difference === 0 && a !== b) return "contradiction";
  return difference === 0 ? "tie" : difference > 0 ? "baseline" : "candidate";
}

function countBy(names: readonly string[]): Array<[string, number]> {
  return [...groupBy(names, (name) => name)]
    .map(([name, all]): [string, number] => [name, all.length])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function meanOf(
  labels: readonly ShadowLabel[],
  pick: (label: ShadowLabel) => number | null,
): Estimate | null {
  const known = labels.flatMap((label) => {
    const value = pick(label);
    return value === null ? [] : [{ value, cluster: clusterOf(label) }];
  });
  if (known.length === 0) return null;
  const { value, low, high } = clusterRatioInterval(
    clusterRatio(
      known.map((row) => row.value),
      known.map(() => 1),
      numberClusters(known.map(({ cluster }) => cluster)),
    ),
  );
  return {
    value,
    low: Math.max(-1, low),
    high: Math.min(1, high),
    method: "judged in both orders; mean over pairs, 95 % cluster-robust by session (Student t)",
    n: known.length,
  };
}

function successShare(
  labels: readonly ShadowLabel[],
  pick: (label: ShadowLabel) => boolean | null,
): Estimate | null {
  return weightedShare(
    labels.flatMap((label) => {
      const value = pick(label);
      return value === null ? [] : [{ value: Number(value), weight: 1, cluster: clusterOf(label) }];
    }),
  );
}

function clusterOf({ item: { record } }: ShadowLabel): string {
  return record.session_hash ?? record.request_id;
}

function notesOf(
  body: Pick<
    ShadowJudgeResult,
    | "is_simulated"
    | "drawn"
    | "asked"
    | "verdicts"
    | "canaries"
    | "first_place_preference"
    | "excluded"
    | "contents"
  >,
): string[] {
  const failed = body.verdicts.find(({ verdict }) => verdict === "failed")?.pairs ?? 0;
  const missing = body.drawn - body.asked;
  const place = body.first_place_preference;
  const unused = body.contents.unused.reduce((sum, { records }) => sum + records, 0);
  return [
    ...(body.is_simulated ? ["The judge is a simulation: nothing here is about a real model."] : []),
    ...(missing > 0
      ? [
          `--max-usd stopped the run: ${missing} of ${body.drawn} drawn pairs were not judged, a random part; raise it to go on.`,
        ]
      : []),
    ...(failed > 0
      ? [
          `${failed} pairs have no verdict: a call failed, or the judge could not tell. The same command asks again for calls that failed.`,
        ]
      : []),
    ...(unused > 0 ? [`${unused} of ${body.contents.rows} rows of contents can't be used.`] : []),
    ...(place !== null && (place.low > 0 || place.high < 0)
      ? [
          `The judge favours the ${place.value > 0 ? "first" : "second"} place by ${Math.abs(place.value).toFixed(3)} on average; both orders together cancel it, one alone would not.`,
        ]
      : []),
    ...body.canaries.flatMap(shadowCanaryWarning),
    "Verdicts are the judge's own: not corrected for its error rates.",
  ];
}
