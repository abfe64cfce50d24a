import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import type { ResponseShadow } from "../../datasets/shadow-result.js";

/** How the judge's errors bear on the difference, and the factor that the margin shrinks by for them. */
export interface JudgeErrorBearing extends Pick<ResponseShadow, "judge_error"> {
  /** Judged difference per true one, in (0, 1]; null = the judge can't certify anything. */
  factor: number | null;
}

/** A judge that errs alike on both sides blurs the difference: judged D = (TPR + TNR - 1) true D (Rogan and Gladen). So the judged
 * difference is held to margin x (TPR + TNR - 1), with the lower ends of both rates' intervals: a blurred judge makes certifying harder,
 * never easier. Humans and exact checks are taken at their word.
 * @param judges of the verdicts in use
 * @param calibration of the workspace; null = none */
export function judgeError(
  judges: readonly string[],
  calibration: Pick<JudgeCalibration, "judges" | "overall" | "is_trusted"> | null,
): JudgeErrorBearing {
  const models = judges.filter((judge) => !/^(human|check):/.test(judge));
  const bearing = (
    state: ResponseShadow["judge_error"]["state"],
    note: string,
    factor: number | null = 1,
    youden: number | null = null,
  ): JudgeErrorBearing => ({ factor, judge_error: { state, youden, note } });
  if (models.length === 0)
    return bearing("none", "Verdicts of humans and exact checks are taken as they are.");
  const { tpr, tnr } = calibration?.overall ?? {};
  const isSame = models.every((judge) => calibration?.judges.includes(judge));
  if (!tpr || !tnr || !isSame) {
    const why = calibration === null ? "" : " (the workspace's calibration is not about this judge)";
    return bearing(
      "uncorrected",
      `The errors of ${models.map((judge) => (judge === "import" ? "the imported verdicts" : judge)).join(", ")} are not corrected${why}: with error rates TPR and TNR a true difference shows as TPR + TNR - 1 times itself. Measure them with: signalbox label calibrate`,
    );
  }
  const youden = tpr.value + tnr.value - 1;
  const least = Math.max(0, tpr.low) + Math.max(0, tnr.low) - 1;
  if (!(least > 0)) {
    return bearing(
      "unusable",
      `The judge may be no better than chance (TPR ${tpr.low.toFixed(2)} and TNR ${tnr.low.toFixed(2)} at the lower ends): its verdicts certify nothing.`,
      null,
      youden,
    );
  }
  return bearing(
    "corrected",
    `The judge shows about ${youden.toFixed(2)} of a true difference (TPR ${tpr.value.toFixed(2)}, TNR ${tnr.value.toFixed(2)}), at least ${least.toFixed(2)}: the margin is multiplied by that.`,
    least,
    youden,
  );
}
