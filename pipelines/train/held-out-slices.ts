import { type Estimate, FEATURISER, readRequest } from "@signalbox/runtime";
import type { SliceReport, SliceRow } from "../../datasets/model-evidence.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { wilsonInterval } from "../../models/statistics/wilson-interval.js";
import { candidateAt } from "../../models/thresholds/certify-retention.js";
import type { HeldOut } from "./held-out-rows.js";
import type { TrainingItem } from "./read-training-items.js";

/** With fewer rows or sessions a slice has no interval worth printing. */
const leastRows = 30;
const leastSessions = 10;

/** Retention, strong share and saving of the router in every slice of the held-out rows: by group, script, length, judged
 * tier and tools. Intervals are cluster-robust at 95 % for each slice; the worst slice has one that holds for all slices that
 * were looked at (Bonferroni), since the lowest of many is low by chance too.
 * @param items the training items, by row number
 * @param dense of all training rows, row-major */
export function heldOutSlices(
  heldOut: HeldOut,
  items: readonly TrainingItem[],
  dense: Float32Array,
  threshold: number | null,
): SliceReport {
  const routed = routeRows(heldOut, threshold);
  const slices = severalOf([...membersOf(heldOut, items, dense)]).map(([key, members]) => {
    const [dimension, slice] = key.split("\t") as [string, string];
    const sessions = new Set(members.map((i) => heldOut.clusters[i]!)).size;
    const isSmall =
      members.length < leastRows ||
      sessions < leastSessions ||
      !members.some((i) => heldOut.strongQuality[i]! > 0);
    return { dimension, slice, members, sessions, isSmall };
  });
  slices.sort((a, b) => rankOf(a) - rankOf(b) || b.members.length - a.members.length);
  const judged = slices.filter(({ isSmall }) => !isSmall);
  const rows = slices.map(({ dimension, slice, members, sessions, isSmall }): SliceRow => {
    const figures = isSmall ? noFigures : figuresOf(routed, members, 0.95);
    return { dimension, slice, n: members.length, sessions, is_small: isSmall, ...figures };
  });
  return { least_rows: leastRows, least_sessions: leastSessions, rows, worst: worstOf(routed, judged) };
}

/** A dimension with one slice says nothing that the whole doesn't. */
function severalOf(members: Array<[string, number[]]>): Array<[string, number[]]> {
  const dimensionOf = ([key]: [string, number[]]) => key.split("\t")[0]!;
  const counts = new Map<string, number>();
  for (const entry of members) counts.set(dimensionOf(entry), (counts.get(dimensionOf(entry)) ?? 0) + 1);
  return members.filter((entry) => counts.get(dimensionOf(entry))! > 1);
}

const noFigures = { retention: null, strong_share: null, saving: null } as const;

interface Slice {
  dimension: string;
  slice: string;
  members: readonly number[];
}

const dimensions = ["group", "script", "length", "tier", "tools"];

function rankOf({ dimension }: Slice): number {
  return dimensions.indexOf(dimension);
}

/** Weighted quality, cost and strong calls of each held-out row as routed. */
interface Routed {
  quality: Float64Array;
  strongQuality: Float64Array;
  cost: Float64Array;
  strongCost: Float64Array;
  strong: Float64Array;
  weights: Float64Array;
  clusters: Int32Array;
  /** Appended to the method of figures that rest on quality. */
  correction: string;
}

function routeRows(heldOut: HeldOut, threshold: number | null): Routed {
  const { sufficiency, quality, strongQuality, costs, weights, clusters } = heldOut;
  const strongCost = costs.at(-1)!;
  const chosen = Int32Array.from(weights, (_, i) =>
    threshold === null ? -1 : candidateAt(sufficiency, i, threshold),
  );
  const weighted = (value: (row: number, candidate: number) => number) =>
    Float64Array.from(chosen, (candidate, row) => weights[row]! * value(row, candidate));
  return {
    correction: heldOut.correction,
    quality: weighted((row, c) => (c < 0 ? strongQuality : quality[c]!)[row]!),
    strongQuality: weighted((row) => strongQuality[row]!),
    cost: weighted((row, c) => (c < 0 ? strongCost : costs[c]!)[row]!),
    strongCost: weighted((row) => strongCost[row]!),
    strong: weighted((_, c) => Number(c < 0)),
    weights,
    clusters,
  };
}

/** Rows of each slice, by "dimension TAB slice". */
function membersOf(
  { rows }: HeldOut,
  items: readonly TrainingItem[],
  dense: Float32Array,
): Map<string, number[]> {
  const members = new Map<string, number[]>();
  rows.forEach((row, i) => {
    const item = items[row]!;
    const features = dense.subarray(row * FEATURISER.denseNames.length);
    const read = readRequest(item.request);
    const slices = {
      group: item.group ?? "(none)",
      script: scriptOf(features),
      length: lengthOf(read.userText),
      tier: item.tier === null ? "(not judged)" : String(item.tier),
      tools: read.nTools > 0 ? "with tools" : "without tools",
    };
    for (const [dimension, slice] of Object.entries(slices)) {
      const key = `${dimension}\t${slice.replaceAll("\t", " ")}`;
      const known = members.get(key);
      if (known) known.push(i);
      else members.set(key, [i]);
    }
  });
  return members;
}

const scripts = FEATURISER.denseNames.flatMap((name, f) =>
  name.startsWith("script_") ? [{ script: name.slice("script_".length).replaceAll("_", " "), f }] : [],
);

/** The script that most letters are of. */
function scriptOf(dense: Float32Array): string {
  const most = scripts.reduce((a, b) => (dense[b.f]! > dense[a.f]! ? b : a));
  return dense[most.f]! > 0 ? most.script : "no letters";
}

function lengthOf(text: string): string {
  if (text.length < 200) return "under 200 characters";
  if (text.length < 1_000) return "200 to 999 characters";
  return text.length < 4_000 ? "1,000 to 3,999 characters" : "4,000 characters or more";
}

function figuresOf(routed: Routed, members: readonly number[], confidence: number) {
  const ratio = (top: Float64Array, bottom: Float64Array) =>
    ratioEstimate(routed, members, top, bottom, confidence);
  const cost = ratio(routed.cost, routed.strongCost);
  return {
    retention: withCorrection(ratio(routed.quality, routed.strongQuality), routed.correction),
    strong_share: within01(ratio(routed.strong, routed.weights)),
    saving: { ...cost, value: 1 - cost.value, low: 1 - cost.high, high: 1 - cost.low },
  };
}

function withCorrection(estimate: Estimate, correction: string): Estimate {
  return { ...estimate, method: `${estimate.method}${correction}` };
}

/** Where no row differs, the linearised error is 0; then the bound is Wilson's on as many sessions without a loss. */
function ratioEstimate(
  { clusters }: Routed,
  members: readonly number[],
  top: Float64Array,
  bottom: Float64Array,
  confidence: number,
): Estimate {
  const pick = (values: ArrayLike<number>) => members.map((i) => values[i]!);
  const ratio = clusterRatio(pick(top), pick(bottom), pick(clusters));
  const interval = clusterRatioInterval(ratio, confidence);
  const low =
    ratio.standardError > 0
      ? interval.low
      : ratio.value * wilsonInterval(ratio.clusters, ratio.clusters, confidence).low;
  return { ...interval, low, method: "measured on held-out rows; cluster-robust ratio", n: members.length };
}

function within01(estimate: Estimate): Estimate {
  return { ...estimate, low: Math.max(0, estimate.low), high: Math.min(1, estimate.high) };
}

function worstOf(routed: Routed, judged: readonly Slice[]): SliceReport["worst"] {
  const estimates = judged.map(({ dimension, slice, members }) => ({
    dimension,
    slice,
    of: judged.length,
    retention: figuresOf(routed, members, 1 - 0.05 / judged.length).retention,
  }));
  if (estimates.length === 0) return null;
  const worst = estimates.reduce((a, b) => (b.retention.value < a.retention.value ? b : a));
  const method = `${worst.retention.method}; 95 % for all ${judged.length} slices at once (Bonferroni)`;
  return { ...worst, retention: { ...worst.retention, method } };
}
