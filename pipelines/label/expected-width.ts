import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import { type MeasuredShare, roganGladen } from "../../models/statistics/rogan-gladen.js";
import { kishRows } from "../../models/statistics/survey-share.js";

/** How precise a run's figures would be. */
export interface ExpectedWidth {
  /** Items that the figures would rest on: those that the budget pays for. */
  items: number;
  /** Full width of the 95 % interval of the sufficient share and of retention; null when the judge is no better than chance. */
  sufficient_share: number | null;
  retention: number | null;
  /** Factor by which unequal weights and shared sessions lower the number of items that count. */
  design_effect: number;
  /** What was assumed for want of knowing. */
  note: string;
}

/** Expected width of the 95 % intervals at so many items. The sample's own weights and sessions give the design effect; a calibrated judge's
 * error rates, as uncertain as its ratings leave them, widen it further.
 * @param sampled the drawn requests
 * @param items how many of them will be judged
 * @param sufficient share of requests that a candidate is expected to do for; null = not known, the widest case
 * @see Kish 1965, Survey Sampling, sec. 8.2 and 11.7, for the two parts of the design effect */
export function expectedWidth(
  sampled: ReadonlyArray<{ inclusion_probability: number; session_id: string | null }>,
  {
    items,
    sufficient,
    calibration,
  }: { items: number; sufficient: number | null; calibration: JudgeCalibration | null },
): ExpectedWidth {
  const designEffect = designEffectOf(sampled);
  const judge = judgeRates(calibration);
  const rows = items / designEffect;
  const share = widthOf(sufficient ?? 0.5, rows, judge);
  const routedWidth = widthOf(1 - (1 - assumedRetention) / assumedRouted, rows * assumedRouted, judge);
  return {
    items,
    sufficient_share: share,
    retention: routedWidth === null ? null : routedWidth * assumedRouted,
    design_effect: designEffect,
    note: [
      sufficient === null
        ? "sufficient share not known yet: 50 % assumed, the widest case"
        : `sufficient share of ${percent(sufficient)} as found before`,
      `retention of ${percent(assumedRetention)} with ${percent(assumedRouted)} of the requests on a cheaper model`,
      `requests of one session alike by ${sessionLikeness}`,
      calibration === null
        ? "the judge's own errors left out, which signalbox label calibrate would measure"
        : `the judge's errors as ${calibration.overall.pairs} human ratings show them`,
    ].join("; "),
  };
}

/** What retention is usually asked to be, and a middling share of routed requests. */
const assumedRetention = 0.98;
const assumedRouted = 0.5;

/** Correlation of quality within a session that is assumed: between none and full. */
const sessionLikeness = 0.3;

function designEffectOf(
  sampled: ReadonlyArray<{ inclusion_probability: number; session_id: string | null }>,
): number {
  const weights = sampled.map(({ inclusion_probability }) => 1 / inclusion_probability);
  const perSession = new Map<string, number>();
  sampled.forEach(({ session_id }, i) => {
    const key = session_id ?? `alone ${i}`;
    perSession.set(key, (perSession.get(key) ?? 0) + 1);
  });
  const mates = [...perSession.values()].reduce((sum, rows) => sum + rows * rows, 0) / sampled.length;
  return (sampled.length / kishRows(weights)) * (1 + (mates - 1) * sessionLikeness);
}

interface JudgeRates {
  sensitivity: MeasuredShare;
  specificity: MeasuredShare;
}

function judgeRates(calibration: JudgeCalibration | null): JudgeRates {
  const { tpr, tnr } = calibration?.overall ?? {};
  return {
    sensitivity: tpr ? { value: tpr.value, rows: tpr.n } : neverWrong,
    specificity: tnr ? { value: tnr.value, rows: tnr.n } : neverWrong,
  };
}

const neverWrong: MeasuredShare = { value: 1, rows: 1 };

function widthOf(share: number, rows: number, { sensitivity, specificity }: JudgeRates): number | null {
  const apparent = share * sensitivity.value + (1 - share) * (1 - specificity.value);
  const interval = roganGladen({ apparent: { value: apparent, rows }, sensitivity, specificity });
  return interval && Math.min(1, interval.high - interval.low);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
