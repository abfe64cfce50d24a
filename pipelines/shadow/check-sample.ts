import type { ResponseShadow, SampleRatioRow } from "../../datasets/shadow-result.js";
import { sampleRatioPValue } from "../../models/statistics/sample-ratio.js";
import { holm } from "../../models/statistics/sequential/holm.js";
import { openSampleRatioProcess } from "../../models/statistics/sequential/sample-ratio-process.js";
import { dayOf, dayUs } from "./look-times.js";
import type { LoggedDecision } from "./read-decision.js";
import { sliceDimensions } from "./read-fields.js";
import type { LoggedPair } from "./read-pair.js";

/** Whether the sample is the one that was designed: exact binomial tests by day and slice, adjusted for their number, a sequential test
 * over all units that may be watched daily, and pairs whose bucket is outside the sample. A unit is a session, else a request, and counts once, with
 * the day and the slices of its first decision. Warn below 0.01, mismatch below 0.001.
 * @param decisions null when no decision log was given; then only buckets can be checked
 * @see Fabijan et al. 2019; Lindon and Malek 2022 */
export function checkSample(
  decisions: readonly LoggedDecision[] | null,
  pairs: readonly LoggedPair[],
  rate: number,
): ResponseShadow["sample_ratio"] {
  const outside = pairs.filter(({ bucket }) => bucket !== null && bucket >= rate).length;
  const strayed = outside > Math.max(1, pairs.length * 0.001);
  if (decisions === null || decisions.length === 0 || !(rate < 1)) {
    return { rows: [], e_value: null, raised_at: null, outside, verdict: strayed ? "mismatch" : "unknown" };
  }
  const units = firstDecisions(decisions);
  const groups = groupsOf(units);
  const pValues = groups.map(({ sampled, units: all }) => sampleRatioPValue(sampled, all, rate));
  const adjusted = holm(pValues);
  const rows = groups.map(
    (group, i): SampleRatioRow => ({
      ...group,
      expected: group.units * rate,
      p_value: pValues[i]!,
      adjusted_p: adjusted[i]!,
      verdict: verdictOf(adjusted[i]!),
    }),
  );
  const process = openSampleRatioProcess(rate);
  let raisedAt: number | null = null;
  for (const { isSampled, createdAtUs } of units) {
    process.add(isSampled);
    if (raisedAt === null && process.logEvidence >= Math.log(1_000)) raisedAt = createdAtUs ?? 0;
  }
  const worst = Math.min(...adjusted, Math.exp(-process.peak));
  return {
    rows,
    e_value: Math.exp(Math.min(700, process.logEvidence)),
    raised_at: raisedAt === null ? null : new Date(raisedAt / 1_000).toISOString(),
    outside,
    verdict: strayed ? "mismatch" : verdictOf(worst),
  };
}

function firstDecisions(decisions: readonly LoggedDecision[]): LoggedDecision[] {
  const first = new Map<string, LoggedDecision>();
  const sorted = [...decisions].sort((a, b) => (a.createdAtUs ?? 0) - (b.createdAtUs ?? 0));
  for (const decision of sorted) if (!first.has(decision.unit)) first.set(decision.unit, decision);
  return [...first.values()];
}

function groupsOf(units: readonly LoggedDecision[]) {
  const groups = new Map<string, { dimension: string; key: string; units: number; sampled: number }>();
  const count = (dimension: string, key: string, isSampled: boolean) => {
    const id = `${dimension}\0${key}`;
    const group = groups.get(id) ?? { dimension, key, units: 0, sampled: 0 };
    group.units += 1;
    group.sampled += Number(isSampled);
    groups.set(id, group);
  };
  for (const { createdAtUs, slices, isSampled } of units) {
    const day =
      createdAtUs === null
        ? "unknown"
        : new Date((dayOf(createdAtUs) * dayUs) / 1_000).toISOString().slice(0, 10);
    count("day", day, isSampled);
    for (const dimension of sliceDimensions) {
      const slice = slices[dimension];
      if (slice !== undefined) count(dimension, slice, isSampled);
    }
  }
  return [...groups.values()];
}

function verdictOf(p: number): SampleRatioRow["verdict"] {
  return p < 0.001 ? "mismatch" : p < 0.01 ? "warn" : "ok";
}
