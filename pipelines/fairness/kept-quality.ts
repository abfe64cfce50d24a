import { poweredRows } from "../../models/statistics/powered-rows.js";
import type { LabelledAttempts } from "../misroutes/labelled-attempts.js";
import type { ReplayData } from "../replay/replay-data.js";

/** Quality that the router keeps on each attempt, relative to the strong model, by row number. */
export interface KeptQuality {
  /** By the router's calibrated sufficiency. */
  modelled: Float64Array;
  /** Corrected by labels: build means on it, single values say nothing. Null without labels in two sessions. */
  combined: Float64Array | null;
  /** Rows whose labels were used. */
  labelledRows: Int32Array;
}

/** Read what the router's choice keeps. A label counts where it tells the chosen model's quality and the strong one's: absolute grades, or
 * comparisons with the strong model's own logged answer. Kept is 1 - clamp(strong - chosen, 0, 1), which is what sufficiency is
 * calibrated to; where humans corrected the judge it isn't clamped, for corrected values leave [0, 1]. */
export function keptQuality(
  replay: ReplayData,
  rows: Int32Array,
  labelled: LabelledAttempts,
  isAudited: Uint8Array,
): KeptQuality {
  const modelled = new Float64Array(replay.rows).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++)
    modelled[rows[i]!] = sufficiencyOf(replay, rows[i]!, replay.chosen[rows[i]!]!);
  const used = [...labelled.rows.keys()].filter(
    (i) => isAudited[labelled.rows[i]!] === 1 && Number.isFinite(keptBy(replay, labelled, i)),
  );
  const labelledRows = Int32Array.from(used, (i) => labelled.rows[i]!);
  const { values, strata } = poweredRows({
    rows,
    clusters: replay.session,
    clusterCount: replay.sessions,
    strata: replay.served,
    strataCount: replay.models.length,
    predictions: modelled,
    labelled: {
      rows: labelledRows,
      values: Float64Array.from(used, (i) => keptBy(replay, labelled, i)),
      weights: Float64Array.from(used, (i) => labelled.weights[i]!),
    },
  });
  return { modelled, combined: strata.some(({ lambda }) => lambda !== null) ? values : null, labelledRows };
}

/** Calibrated sufficiency of a model on an attempt; the strong model's is 1 by definition. */
export function sufficiencyOf({ sufficiency, rows, models }: ReplayData, row: number, model: number): number {
  return model === models.length - 1 ? 1 : sufficiency[model * rows + row]!;
}

function keptBy(replay: ReplayData, labelled: LabelledAttempts, i: number): number {
  const { rows, quality, corrected, isRelative } = labelled;
  const row = rows[i]!;
  const strong = replay.models.length - 1;
  const chosen = replay.chosen[row]!;
  if (isRelative[i] === 1 && replay.served[row] !== strong) return Number.NaN;
  if (chosen === strong) return 1;
  const lost = quality[strong * rows.length + i]! - quality[chosen * rows.length + i]!;
  if (corrected === null || isRelative[i] === 0) return 1 - Math.min(1, Math.max(0, lost));
  return corrected[chosen * rows.length + i]!;
}
