import type { MarkupGroup, MarkupPart } from "../../datasets/markup-result.js";
import type { PriceBook } from "../../datasets/prices/price-book.js";
import { estimateMarkup, type MarkupEstimate } from "../../models/markup/estimate-markup.js";
import { roundingStep } from "../../models/markup/rounding-step.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import { costBases } from "./cost-bases.js";
import type { SampleRow } from "./sample-row.js";
import { verdictOf } from "./verdict.js";

/** One row of markup-groups.sql. */
export interface GroupTotals {
  gateway: string;
  provider: string | null;
  model: string;
  calls: number;
  cache_hits: number;
  without_reported: number;
  without_list: number;
  negative: number;
  zero_calls: number;
  zero_list_usd: number;
  usable: number;
  reported_usd: number;
  list_usd: number;
}

/** Infer the mark-up of one gateway on one model.
 * @param sample calls of the group in the order of time, all of them or a random part */
export function markupGroup(totals: GroupTotals, sample: readonly SampleRow[], book: PriceBook): MarkupGroup {
  const step = roundingStep(Float64Array.from(sample, (row) => row.cost_reported_usd));
  // Rounding makes zeros of costs below half a step; they belong to the estimate, or the small costs that are left would be the high ones.
  const rows = sample.filter((row) => row.cost_reported_usd > 0 || row.cost_list_usd < step);
  const roundedAway = rows.filter((row) => row.cost_reported_usd === 0);
  const found = rows.length === 0 ? null : estimate(rows, book);
  const scale =
    totals.list_usd /
    sum(
      rows.filter((row) => row.cost_reported_usd > 0),
      (row) => row.cost_list_usd,
    );
  const zeroShare =
    totals.zero_calls / Math.max(1, sample.filter((row) => row.cost_reported_usd === 0).length);
  const group = {
    gateway: totals.gateway,
    provider: totals.provider,
    model: totals.model,
    calls: totals.calls,
    usable: totals.usable,
    sampled: rows.length,
    reported_usd: totals.reported_usd,
    list_usd: totals.list_usd,
    zero: {
      calls: Math.max(0, Math.round(totals.zero_calls - roundedAway.length * zeroShare)),
      list_usd: Math.max(0, totals.zero_list_usd - sum(roundedAway, (row) => row.cost_list_usd) * zeroShare),
    },
    cache_hits: totals.cache_hits,
    negative: totals.negative,
    without_list: totals.without_list,
    without_reported: totals.without_reported,
    markup: found?.markup ?? null,
    fee_usd: found?.feeUsd ?? null,
    uplift: found?.uplift ?? null,
    refusal: found === null ? "no call has both a reported and a list cost" : found.refusal,
    counting: countingOf(found),
    stretches: (found?.stretches ?? []).map((stretch) => ({
      from: rows[stretch.from]!.day,
      to: rows[stretch.to - 1]!.day,
      calls: stretch.to - stretch.from,
      markup: stretch.markup,
      fee_usd: stretch.feeUsd,
      is_reference: stretch.isReference,
    })),
    by_kind: found?.byKind ?? null,
    rounding_usd: found?.roundingUsd ?? 0,
    noise: found?.noise ?? null,
    ...(found === null
      ? { parts: [], residual_share: null }
      : partsOf(found, rows, totals, Number.isFinite(scale) ? scale : 1)),
  };
  return { ...group, verdict: verdictOf(group) };
}

type Found = MarkupEstimate & { basisCosts: Float64Array };

function estimate(rows: readonly SampleRow[], book: PriceBook): Found {
  const { bases, outputCosts } = costBases(rows, book);
  const found = estimateMarkup({
    reported: Float64Array.from(rows, (row) => row.cost_reported_usd),
    bases,
    outputCosts,
    clusterings: {
      session: numberClusters(rows.map((row) => row.session_id)),
      day: numberClusters(rows.map((row) => row.day)),
    },
  });
  return { ...found, basisCosts: bases[found.basis]!.costs };
}

function countingOf(found: Found | null): MarkupGroup["counting"] {
  if (found === null) return { name: "list", z: 0, affected: 0, rivals: [] };
  const { name, z, affected } = found.scores[found.basis]!;
  return { name, z, affected, rivals: found.rivals };
}

/** Dollars of each part over the sample, scaled to all usable calls; what is left of reported - list is unexplained. */
function partsOf(
  found: Found,
  rows: readonly SampleRow[],
  totals: GroupTotals,
  scale: number,
): { parts: MarkupPart[]; residual_share: number | null } {
  const difference = totals.reported_usd - totals.list_usd;
  const { markup, feeUsd, basisCosts } = found;
  if (markup === null || feeUsd === null)
    return { parts: [{ kind: "unexplained", usd: difference }], residual_share: null };
  const costs = (from: number, to: number) => sumOf(basisCosts.subarray(from, to));
  const counting = sumOf(basisCosts) - sum(rows, (row) => row.cost_list_usd);
  const steps = sum(found.stretches, (stretch) =>
    stretch.isReference || stretch.markup === null || stretch.feeUsd === null
      ? 0
      : (stretch.markup.value - markup.value) * costs(stretch.from, stretch.to) +
        (stretch.feeUsd.value - feeUsd.value) * (stretch.to - stretch.from),
  );
  const known: MarkupPart[] = [
    { kind: "markup", usd: markup.value * sumOf(basisCosts) * scale },
    { kind: "fee", usd: feeUsd.value * totals.usable },
    { kind: "counting", usd: counting * scale },
    { kind: "price_step", usd: steps * scale },
  ];
  const unexplained = difference - sum(known, ({ usd }) => usd);
  return {
    parts: [...known.filter(({ usd }) => usd !== 0), { kind: "unexplained", usd: unexplained }],
    residual_share: totals.reported_usd > 0 ? Math.abs(unexplained) / totals.reported_usd : null,
  };
}

function sumOf(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
