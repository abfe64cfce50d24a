import type { Head } from "@signalbox/runtime";
import type { ColumnLoss } from "./classifier/head-loss.js";

/** What one logit is fitted to, one entry per row. */
export interface ColumnTarget {
  loss: ColumnLoss;
  values: Float64Array;
  /** 0 = not known for this row. */
  weights: Float64Array;
}

/** A part of a head's score: a logit or its sigmoid, times a factor. */
export interface ScoreTerm {
  column: number;
  of: "logit" | "probability";
  factor: number;
}

/** One probability: how its score is made of the logits, and what it is calibrated to. */
export interface HeadTarget {
  head: Head;
  terms: ScoreTerm[];
  /** What the calibrated probability stands for, in [0, 1], one entry per row. */
  calibrate: Float64Array;
  /** 0 = not known for this row. */
  weights: Float64Array;
}

/** Targets of a whole router. */
export interface RouterTargets {
  columns: ColumnTarget[];
  heads: HeadTarget[];
  /** Quantiles of ln(1 + output tokens), ascending, with the columns that are fitted to them. */
  lengths: Array<{ level: number; column: number }>;
}

/** Score of a head for every row.
 * @param logits (rows, columns), row-major */
export function scoreRows(logits: Float32Array, columns: number, terms: readonly ScoreTerm[]): Float64Array {
  return Float64Array.from({ length: logits.length / columns }, (_, row) => {
    let score = 0;
    for (const { column, of, factor } of terms) {
      const logit = logits[row * columns + column]!;
      score += factor * (of === "logit" ? logit : 1 / (1 + Math.exp(-logit)));
    }
    return score;
  });
}
