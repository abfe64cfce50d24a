import { checkNumber } from "../../datasets/check-number.js";
import type { MisrouteGroup, MisroutesResult } from "../../datasets/misroutes-result.js";
import { publishedMisroutes } from "../../datasets/published-misroutes.js";
import type { DomainLayout } from "../../models/statistics/domain-ratios.js";
import { type PoweredStratum, poweredRows } from "../../models/statistics/powered-rows.js";
import type { ReplayData } from "../replay/replay-data.js";
import type { ReplaySlices } from "../slices/slice-replay.js";
import { attemptCoverage, rowFlags } from "./attempt-coverage.js";
import { auditedRows } from "./audited-rows.js";
import { type LabelledAttempts, noLabels } from "./labelled-attempts.js";
import { type MeasuredAmounts, measuredAmounts } from "./measured-amounts.js";
import { measuredFigures } from "./measured-figures.js";
import { misrouteFigures } from "./misroute-figures.js";
import { describeGroups, groupAmounts, misrouteSlices, pairOf } from "./misroute-groups.js";
import { misrouteNotes } from "./misroute-notes.js";
import { modelledAmounts, sharesWithoutOrder } from "./modelled-amounts.js";

/** What an audit depends on besides the replay. */
export interface MisrouteOptions {
  /** Labels of logged attempts; without any everything is modelled. */
  labelled?: LabelledAttempts;
  /** Quality from which an absolutely graded answer is good enough. */
  goodEnough?: number;
  artifactId?: string;
  isSimulated?: boolean;
}

/** Quality from which an absolutely graded answer is good enough, unless told. */
export const defaultGoodEnough = 0.5;

/** Hold every replayed attempt against the cheapest model whose answer would have been good enough: how many calls went to a dearer model
 * than needed, how many to one that was too weak, and what both cost. Labelled attempts are measured; all are modelled by the
 * router's calibrated sufficiency; the figures to quote are the model's, corrected by the labels.
 * @throws {InputError} when the quality that is good enough is not above 0 and at most 1 */
export function auditMisroutes(replay: ReplayData, options: MisrouteOptions = {}): MisroutesResult {
  const {
    labelled = noLabels,
    goodEnough = defaultGoodEnough,
    artifactId = "",
    isSimulated = false,
  } = options;
  checkNumber("--good-enough", goodEnough, { above: 0, to: 1 });
  const { rows, left } = auditedRows(replay);
  const isAudited = rowFlags(replay.rows, rows);
  const measured = measuredAmounts(replay, labelled, { isAudited, goodEnough });
  const slices = misrouteSlices(replay, rows);
  const columns = modelledAmounts(replay, rows);
  const layout: DomainLayout = {
    rows,
    clusters: replay.session,
    domains: slices.domains.slice(0, 1),
    count: 1,
  };
  const billed = sumByDomain(rows, slices, replay.billed);
  const shared = { billed: billed[0]!, labelled: measured.rows.length, hasNone: measured.absolute > 0 };
  const isEmpty = rows.length === 0;
  const modelled = isEmpty
    ? null
    : misrouteFigures(layout, columns, {
        ...shared,
        evidence: "modelled",
        how: modelledHow,
        labelled: 0,
        hasNone: false,
      });
  const modelledGroups = groupAmounts(replay, rows, slices, columns);
  const strata = combineWithLabels(replay, rows, columns, measured);
  const isCombined = strata.some(({ lambda }) => lambda !== null);
  const combined = isCombined
    ? misrouteFigures(layout, columns, {
        ...shared,
        evidence: "combined",
        how: combinedHow(labelled, measured),
      })
    : null;
  const groups = describeGroups(
    slices,
    {
      modelled: modelledGroups,
      combined: isCombined ? groupAmounts(replay, rows, slices, columns) : null,
    },
    { billed, ...labelsByDomain(replay, slices, measured) },
  );
  return {
    schema_version: 1,
    artifact_id: artifactId,
    models: [...replay.models],
    good_enough: goodEnough,
    quoted: combined ?? modelled,
    measured: measuredFigures(replay, measured, {
      isCorrected: labelled.corrected !== null,
      ratings: labelled.ratings,
      how: measuredHow(labelled),
      ...labelledPart(replay, rows, strata),
    }),
    modelled,
    without_order: isEmpty ? null : sharesWithoutOrder(replay, rows),
    labels: {
      labelled: measured.rows.length,
      sessions: new Set(Array.from(measured.rows, (row) => replay.session[row]!)).size,
      by_served: strata.map((stratum, place) => ({
        model: replay.models[place]!,
        attempts: stratum.rows,
        labelled: stratum.labelled,
      })),
      unused: measured.unused,
      is_judged: labelled.isJudged,
      is_corrected: labelled.corrected !== null,
      ratings: labelled.ratings,
      note: labelled.note,
    },
    by: groups.filter(({ dimension }) => dimension !== "pair"),
    worst: worstOf(groups),
    claim: publishedMisroutes,
    coverage: attemptCoverage(replay, rows),
    is_simulated: isSimulated,
    notes: misrouteNotes({ replay, strata, left, labelled, measured }),
  };
}

const modelledHow =
  "modelled: the router's calibrated sufficiency, dearer models taken as sufficient whenever cheaper ones are";

function measuredHow({ isJudged, corrected }: LabelledAttempts): string {
  if (!isJudged) return "measured on labelled attempts, weighted";
  return corrected === null
    ? "measured by a judge, its errors not corrected, weighted"
    : "measured by a judge, corrected by human ratings, weighted";
}

function combinedHow(labelled: LabelledAttempts, { rows }: MeasuredAmounts): string {
  const judge = !labelled.isJudged
    ? ""
    : labelled.corrected === null
      ? " of an uncorrected judge"
      : " of a judge corrected by human ratings";
  return `combined: modelled on all attempts, corrected by ${rows.length} labels${judge} (PPI++ within each served model)`;
}

/** Replace each expected amount by the one that labels correct, in place.
 * @returns what the labels make of each served model */
function combineWithLabels(
  replay: ReplayData,
  rows: Int32Array,
  columns: Float64Array[],
  measured: MeasuredAmounts,
): PoweredStratum[] {
  const results = columns.map((predictions, amount) => {
    const { values, strata } = poweredRows({
      rows,
      clusters: replay.session,
      clusterCount: replay.sessions,
      strata: replay.served,
      strataCount: replay.models.length,
      predictions,
      labelled: { rows: measured.rows, weights: measured.weights, values: measured.columns[amount]! },
    });
    columns[amount] = values;
    return strata;
  });
  return results[0]!;
}

function sumByDomain(
  rows: Int32Array,
  { slices, domains }: ReplaySlices,
  amount: Float64Array,
): Float64Array {
  const sums = new Float64Array(slices.length);
  for (const column of domains) {
    for (let i = 0; i < rows.length; i++) sums[column[rows[i]!]!]! += amount[rows[i]!]!;
  }
  return sums;
}

function labelsByDomain(
  replay: ReplayData,
  { slices, domains }: ReplaySlices,
  { rows }: MeasuredAmounts,
): { labelled: Float64Array; labelledSessions: Float64Array } {
  const labelled = new Float64Array(slices.length);
  const sessions = slices.map(() => new Set<number>());
  for (const column of domains) {
    for (const row of rows) {
      labelled[column[row]!]! += 1;
      sessions[column[row]!]!.add(replay.session[row]!);
    }
  }
  return { labelled, labelledSessions: Float64Array.from(sessions, ({ size }) => size) };
}

/** Attempts of the served models that have labels, and their bill. */
function labelledPart(
  replay: ReplayData,
  rows: Int32Array,
  strata: readonly PoweredStratum[],
): { audited: Int32Array; billed: number } {
  const audited = rows.filter((row) => strata[replay.served[row]!]!.labelled > 0);
  return { audited, billed: audited.reduce((sum, row) => sum + replay.billed[row]!, 0) };
}

const mostOffenders = 20;

function worstOf(groups: readonly MisrouteGroup[]): MisroutesResult["worst"] {
  return groups
    .flatMap((group) => {
      const pair = pairOf(group);
      const { dimension: _dimension, slice: _slice, ...figures } = group;
      return pair === null || !(group.overpaid_usd.value > 0) ? [] : [{ ...pair, ...figures }];
    })
    .sort((a, b) => b.overpaid_usd.value - a.overpaid_usd.value || (a.app < b.app ? -1 : 1))
    .slice(0, mostOffenders);
}
