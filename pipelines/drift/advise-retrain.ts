import {
  type DriftColumn,
  type DriftOutcome,
  type DriftReason,
  DriftReasonCode,
  type DriftResult,
  type ModelChange,
} from "../../datasets/drift-result.js";
import { driftThresholds } from "./compare-all.js";

/** Why another training is called for, or a look by people; the weightiest first. */
export function adviseRetrain({
  columns,
  outcomes,
  alarms,
  prices,
  models,
}: Pick<DriftResult, "columns" | "outcomes" | "alarms" | "prices" | "models">): DriftReason[] {
  const reasons = [
    ...columns.flatMap(columnReason),
    ...outcomes.flatMap(outcomeReason),
    ...alarms
      .filter(({ is_raised }) => is_raised)
      .map(
        ({ event, allowed, evidence, alarm_at }): DriftReason => ({
          code: DriftReasonCode.errorsRose,
          advises_retrain: false,
          evidence: `alarm on ${event}: evidence ${evidence.toPrecision(3)} of ${alarm_at} that more than ${percent(allowed)} of sessions begin with one`,
        }),
      ),
    ...prices.map(
      ({ model, input_usd_per_mtok: input, output_usd_per_mtok: output }): DriftReason => ({
        code: DriftReasonCode.priceChanged,
        advises_retrain: true,
        evidence: `${model}: input ${input.before} to ${input.now}, output ${output.before} to ${output.now} USD per million tokens; the policy's order and caps rest on the old ones`,
      }),
    ),
    ...models.map(modelReason),
  ];
  const order = Object.values(DriftReasonCode);
  return reasons.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
}

function columnReason({ column, kind, psi, p_adjusted, verdict, bins }: DriftColumn): DriftReason[] {
  // Novel text weakens a router before it shows elsewhere: there the lower threshold is enough.
  if (verdict === "stable" || (verdict === "moved" && kind !== "novelty")) return [];
  const [most] = bins;
  const evidence = `${column}: PSI ${psi.toFixed(3)}, adjusted p = ${p_adjusted.toPrecision(2)}; ${most!.bin} went from ${percent(most!.before)} to ${percent(most!.since)}`;
  const code = {
    population: DriftReasonCode.populationShift,
    novelty: DriftReasonCode.noveltyRose,
    score: DriftReasonCode.scoreShift,
    outcome: DriftReasonCode.outcomeShift,
  }[kind];
  return [{ code, advises_retrain: kind !== "outcome", evidence }];
}

function outcomeReason({ outcome, before, since, difference, p_adjusted }: DriftOutcome): DriftReason[] {
  const isError = outcome === "error rate";
  const worse = isError ? difference.value : -difference.value;
  if (worse < driftThresholds.least_change || p_adjusted > driftThresholds.adjusted_p) return [];
  const evidence = `${outcome}: ${percent(before)} before, ${percent(since)} since; change ${signedPoints(difference.value)} (${signedPoints(difference.low)} to ${signedPoints(difference.high)}), adjusted p = ${p_adjusted.toPrecision(2)}`;
  if (isError) return [{ code: DriftReasonCode.errorsRose, advises_retrain: false, evidence }];
  const code = outcome === "feedback score" ? DriftReasonCode.feedbackFell : DriftReasonCode.sufficiencyFell;
  return [{ code, advises_retrain: true, evidence }];
}

function modelReason({
  change,
  model,
  served_before,
  served_since,
  requests_before,
  requests_since,
  is_in_policy,
}: ModelChange): DriftReason {
  const code = {
    new: DriftReasonCode.modelNew,
    gone: DriftReasonCode.modelGone,
    alias_moved: DriftReasonCode.aliasMoved,
  }[change];
  const where = is_in_policy ? "a model of the policy" : "not in the policy";
  const evidence =
    change === "alias_moved"
      ? `${model}, ${where}, was answered by ${served_before.join(", ")} and is answered by ${served_since.join(", ")}`
      : `${model}, ${where}: ${requests_before} requests before, ${requests_since} since`;
  return { code, advises_retrain: is_in_policy && change !== "new", evidence };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function signedPoints(value: number): string {
  return `${value < 0 ? "-" : "+"}${(100 * Math.abs(value)).toFixed(1)} points`;
}
