import { checkNumber } from "../../datasets/check-number.js";
import {
  type FairnessFigures,
  type FairnessResult,
  type FairnessSlice,
  FairnessStatus,
} from "../../datasets/fairness-result.js";
import type { Estimate } from "../../datasets/results.js";
import {
  type DomainLayout,
  type DomainRatios,
  domainInterval,
  domainRatios,
} from "../../models/statistics/domain-ratios.js";
import { attemptCoverage, rowFlags } from "../misroutes/attempt-coverage.js";
import { auditedRows } from "../misroutes/audited-rows.js";
import { type LabelledAttempts, noLabels } from "../misroutes/labelled-attempts.js";
import type { ReplayData } from "../replay/replay-data.js";
import type { ReplaySlices } from "../slices/slice-replay.js";
import { fairnessNotes } from "./fairness-notes.js";
import { fairnessSlices } from "./fairness-slices.js";
import { keptQuality } from "./kept-quality.js";
import { routedAmounts } from "./routed-amounts.js";
import { simultaneousEstimates } from "./simultaneous-estimates.js";

/** What a fairness table depends on besides the replay. */
export interface FairnessOptions {
  labelled?: LabelledAttempts;
  /** Quality kept below everyone's by more than this is unfair. */
  margin?: number;
  /** Fewest sessions of a slice that is judged. */
  leastSessions?: number;
  artifactId?: string;
  isSimulated?: boolean;
}

/** Defaults of {@link FairnessOptions}. */
export const defaultMargin = 0.02;
export const defaultLeastSessions = 30;

/** Labelled sessions that a slice needs for labels to speak of it; with fewer its quality is modelled. */
const leastLabelledSessions = 10;

/** Say what the router would do to whom: which slices of the traffic go to weaker models, how much quality they keep beside everyone,
 * who carries the loss and who the saving. Slices are many, so that intervals of quality hold for all of them at once.
 * @throws {InputError} when the margin is not from 0 to below 1, or a slice may have fewer than two sessions */
export function measureFairness(replay: ReplayData, options: FairnessOptions = {}): FairnessResult {
  const {
    labelled = noLabels,
    margin = defaultMargin,
    leastSessions = defaultLeastSessions,
    artifactId = "",
    isSimulated = false,
  } = options;
  checkNumber("--margin", margin, { from: 0, below: 1 });
  checkNumber("--least-sessions", leastSessions, { from: 2, isWhole: true });
  const { rows, left } = auditedRows(replay);
  const slices = fairnessSlices(replay, rows);
  const kept = keptQuality(replay, rows, labelled, rowFlags(replay.rows, rows));
  const figures = rows.length === 0 ? null : figuresOf(replay, rows, slices, { kept, leastSessions });
  return {
    schema_version: 1,
    artifact_id: artifactId,
    margin,
    least_sessions: leastSessions,
    everyone: figures?.everyone ?? null,
    slices: (figures?.slices ?? []).map((slice) => ({ ...slice, status: statusOf(slice.gap, margin) })),
    compared: figures?.compared ?? 0,
    method:
      "Intervals of retention and of gaps hold for all compared slices at once: the largest of |t| among errors that correlate as the slices overlap. Those of savings and latency hold for all slices too (Bonferroni).",
    labelled: kept.labelledRows.length,
    labels_note: labelled.note,
    coverage: attemptCoverage(replay, rows),
    is_simulated: isSimulated,
    notes: fairnessNotes({ left, isLabelled: kept.combined !== null, leastSessions }),
  };
}

type Kept = ReturnType<typeof keptQuality>;

function figuresOf(
  replay: ReplayData,
  rows: Int32Array,
  { slices, domains }: ReplaySlices,
  { kept, leastSessions }: { kept: Kept; leastSessions: number },
): { everyone: FairnessFigures; slices: Array<Omit<FairnessSlice, "status">>; compared: number } {
  const layout: DomainLayout = { rows, clusters: replay.session, domains, count: slices.length };
  const amounts = routedAmounts(replay, rows);
  const [modelledRatios, slower, weaker, stronger, before, loss] = domainRatios(
    layout,
    [kept.modelled, amounts.slower, amounts.weaker, amounts.stronger, amounts.billedQuality, amounts.loss],
    { compared: [0] },
  ) as [DomainRatios, DomainRatios, DomainRatios, DomainRatios, DomainRatios, DomainRatios];
  const labels = labelsOf(replay, domains, slices.length, kept.labelledRows);
  const large = [...slices.keys()].filter((d) => d > 0 && modelledRatios.clusters[d]! >= leastSessions);
  const isCombined = (d: number) => kept.combined !== null && labels.sessions[d]! >= leastLabelledSessions;
  // Slices with and without labels make two families, which share the error.
  const families = [large.filter(isCombined), large.filter((d) => !isCombined(d))];
  const confidence = 1 - 0.05 / Math.max(1, families.filter(({ length }) => length > 0).length);
  const modelled = simultaneousEstimates(modelledRatios, {
    compared: families[1]!,
    confidence,
    how: modelledHow,
  });
  const combined =
    kept.combined === null
      ? modelled
      : simultaneousEstimates(domainRatios(layout, [kept.combined], { compared: [0] })[0]!, {
          compared: families[0]!,
          confidence,
          how: combinedHow,
        });
  const [saved] = domainRatios(layout, [amounts.saved], { per: replay.billed }) as [DomainRatios];
  const each = 1 - 0.05 / Math.max(1, large.length);
  const describe = (d: number): FairnessFigures => {
    const n = modelledRatios.rows[d]!;
    const level = d === 0 ? 0.95 : each;
    return {
      attempts: n,
      sessions: modelledRatios.clusters[d]!,
      labelled: labels.rows[d]!,
      weaker_share: weaker.values[d]!,
      stronger_share: stronger.values[d]!,
      evidence: isCombined(d) ? "combined" : "modelled",
      retention: (isCombined(d) ? combined : modelled).retention(d),
      retention_billed: before.values[d]!,
      saving: estimateOf(saved, d, level, savedHow),
      saving_usd: saved.tops[d]!,
      latency_change_ms: estimateOf(slower, d, level, slowerHow),
    };
  };
  const shareOf = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  return {
    everyone: describe(0),
    compared: large.length,
    slices: slices.slice(1).map((name, i) => {
      const d = i + 1;
      const isLarge = modelledRatios.clusters[d]! >= leastSessions;
      return {
        ...name,
        ...describe(d),
        gap: isLarge ? (isCombined(d) ? combined : modelled).gap(d) : null,
        share_of_attempts: modelledRatios.rows[d]! / rows.length,
        share_of_loss: shareOf(loss.tops[d]!, loss.tops[0]!),
        share_of_saving: shareOf(saved.tops[d]!, saved.tops[0]!),
      };
    }),
  };
}

const modelledHow = "modelled: the router's calibrated sufficiency";
const combinedHow =
  "combined: modelled on all attempts, corrected by labels (PPI++ within each served model)";
const savedHow = "modelled: logged tokens at list price, and what the gateway adds, against the bill";
const slowerHow = "modelled: mean logged latency of each model among answers of similar length";

function statusOf(gap: Estimate | null, margin: number): FairnessStatus {
  if (gap === null) return FairnessStatus.tooFew;
  if (gap.high < -margin) return FairnessStatus.behind;
  return gap.low < -margin ? FairnessStatus.unsure : FairnessStatus.ok;
}

function estimateOf(ratios: DomainRatios, domain: number, confidence: number, how: string): Estimate | null {
  if (!Number.isFinite(ratios.values[domain]!)) return null;
  const interval = domainInterval(ratios, domain, confidence);
  const all = domain === 0 ? "" : " for all slices at once (Bonferroni)";
  return { ...interval, method: `${how}; 95 %${all}, clustered by session`, n: ratios.rows[domain]! };
}

function labelsOf(
  replay: ReplayData,
  domains: readonly Int32Array[],
  count: number,
  labelledRows: Int32Array,
): { rows: Float64Array; sessions: Float64Array } {
  const rows = new Float64Array(count);
  const sessions = Array.from({ length: count }, () => new Set<number>());
  for (const column of domains) {
    for (const row of labelledRows) {
      rows[column[row]!]! += 1;
      sessions[column[row]!]!.add(replay.session[row]!);
    }
  }
  return { rows, sessions: Float64Array.from(sessions, ({ size }) => size) };
}
