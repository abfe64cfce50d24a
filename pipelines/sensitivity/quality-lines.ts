import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import type { Estimate } from "../../datasets/results.js";
import type { SensitivityEnd, SensitivityLine } from "../../datasets/sensitivity-result.js";
import { meanAtOdds, shiftToMean } from "../../models/sensitivity/shift-odds.js";
import type { SweepRows } from "../frontier/sweep-rows.js";
import { endsOf } from "./line-ends.js";

const oddsFactors = [0.5, 2] as const;

/** Retention when the sufficiencies that it is made of are wrong: the judge's whom training believed, or the calibration. The strong model's
 * share keeps all quality by definition; the rest is moved.
 * @param promise retention that the policy promises
 * @param judge how the judge errs; null where it wasn't held against humans */
export function qualityLines(
  sweep: SweepRows,
  promise: number,
  judge: JudgeCalibration | null,
): SensitivityLine[] {
  const cheap = chosenSufficiencies(sweep);
  const requests = sweep.rows.length;
  if (cheap.length === 0) return [];
  const retentionAt = (mean: number) => (requests - cheap.length * (1 - mean)) / requests;
  const isKnown = cheap.every((value) => !Number.isNaN(value));
  const needed = 1 - ((1 - promise) * requests) / cheap.length;
  const end = (at: string, mean: number, method: string): SensitivityEnd => {
    const value = retentionAt(Math.min(1, Math.max(0, mean)));
    const figure: Estimate = {
      value,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      method,
      n: requests,
    };
    return { at, figure, remade_saving: null };
  };
  const mean = meanAtOdds(cheap, 1);
  return [judgeLine({ mean, needed, isKnown, judge, end }), calibrationLine({ cheap, needed, isKnown, end })];
}

type EndMaker = (at: string, mean: number, method: string) => SensitivityEnd;

function judgeLine({
  mean,
  needed,
  isKnown,
  judge,
  end,
}: {
  mean: number;
  needed: number;
  isKnown: boolean;
  judge: JudgeCalibration | null;
  end: EndMaker;
}): SensitivityLine {
  const { tpr, tnr } = judge?.overall ?? { tpr: null, tnr: null };
  const method =
    "modelled: mean sufficiency of moved calls corrected by the judge's error rates (Rogan and Gladen 1978), at the worst and best ends of both rates' intervals; no interval of its own";
  const corners =
    tpr && tnr
      ? [tpr.low, tpr.high].flatMap((sensitivity) =>
          [tnr.low, tnr.high].flatMap((specificity) => {
            const power = sensitivity + specificity - 1;
            const rates = `TPR ${sensitivity.toFixed(3)}, TNR ${specificity.toFixed(3)}`;
            return power > 0 ? end(rates, (mean + specificity - 1) / power, method) : [];
          }),
        )
      : [];
  // With a perfect TPR, the corrected mean is (mean + TNR - 1) / TNR.
  const at = (1 - mean) / (1 - needed);
  return {
    kind: "judge",
    figure: "retention",
    label: "Errors of the judge",
    assumption: "where training believed a judge, its error rates lie anywhere in their 95 % intervals",
    evidence: corners.length === 4 && isKnown ? "modelled" : "unknown",
    ...endsOf(
      corners.length === 4 && isKnown ? corners : [],
      tpr && tnr
        ? "sufficiencies are unknown, or the judge may be no better than chance"
        : "the judge was not held against humans: signalbox label calibrate",
    ),
    break_even:
      at > 0 && at < 1
        ? {
            at,
            text: `a judge that was believed passes more than ${(100 * (1 - at)).toFixed(1)} % of insufficient answers`,
          }
        : null,
  };
}

function calibrationLine({
  cheap,
  needed,
  isKnown,
  end,
}: {
  cheap: Float64Array;
  needed: number;
  isKnown: boolean;
  end: EndMaker;
}): SensitivityLine {
  const method = "modelled: every sufficiency with its odds scaled, the same choices; no interval of its own";
  const shift = isKnown ? shiftToMean(cheap, needed) : null;
  const at = shift === null ? null : Math.exp(shift);
  return {
    kind: "calibration",
    figure: "retention",
    label: "Calibration of sufficiency",
    assumption: "the odds that a cheaper answer suffices are half or twice what the router says",
    evidence: isKnown ? "modelled" : "unknown",
    ...endsOf(
      isKnown ? oddsFactors.map((factor) => end(`odds x ${factor}`, meanAtOdds(cheap, factor), method)) : [],
      "sufficiencies are unknown",
    ),
    break_even:
      at === null
        ? null
        : {
            at,
            text: `the odds of sufficiency are ${at.toPrecision(3)} times what the router says (logits off by ${shift!.toFixed(2)})`,
          },
  };
}

/** Sufficiency of the router's model wherever it isn't the strong one. */
function chosenSufficiencies({ replay, rows }: SweepRows): Float64Array {
  const strong = replay.models.length - 1;
  const cheap = rows.filter((row) => replay.chosen[row] !== strong);
  return Float64Array.from(cheap, (row) => replay.sufficiency[replay.chosen[row]! * replay.rows + row]!);
}
