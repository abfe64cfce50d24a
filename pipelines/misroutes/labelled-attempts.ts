/** Logged attempts whose answers by several models were compared or graded. */
export interface LabelledAttempts {
  /** Rows of the replay. */
  rows: Int32Array;
  /** Inverse inclusion probabilities. */
  weights: Float64Array;
  /** Quality of each model's answer, 0 to 1: place model * rows.length + i; NaN = not labelled. */
  quality: Float64Array;
  /** The same, rid of the judge's errors by human ratings: single values leave [0, 1]. Null when nothing was corrected. */
  corrected: Float64Array | null;
  /** 1 = quality is relative to the logged answer, which is 1 by definition; 0 = absolute. */
  isRelative: Uint8Array;
  isJudged: boolean;
  /** Human ratings behind the correction. */
  ratings: number;
  /** How the labels came about; what to run where there are none. */
  note: string;
}

/** No labels: everything is modelled. */
export const noLabels: LabelledAttempts = {
  rows: new Int32Array(0),
  weights: new Float64Array(0),
  quality: new Float64Array(0),
  corrected: null,
  isRelative: new Uint8Array(0),
  isJudged: false,
  ratings: 0,
  note: "No logged attempt is labelled, so everything is modelled. To measure, label a sample: signalbox label run --candidate MODEL --workspace DIR, or import graded answers to logged requests: signalbox outcomes import FILE --workspace DIR",
};
