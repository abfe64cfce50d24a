import type { GateFacts } from "../../datasets/cascade-result.js";
import { InputError } from "../../datasets/errors.js";
import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import type { Estimate } from "../../datasets/results.js";
import { readResult, type Workspace } from "../../datasets/workspace.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";

/** What is known of a gate from elsewhere; rates in [0, 1], USD and milliseconds of one look. */
export interface GateOptions {
  tpr?: number;
  tnr?: number;
  /** Answers of each kind that the rates were measured on; without it they are taken as known. */
  measuredOn?: number;
  usd?: number;
  ms?: number;
}

/** The gate to simulate: with the rates that were given, else with the judge's, as `signalbox label calibrate` measured them against humans.
 * What isn't known stays unknown: no rate is made up.
 * @returns why there is none, and how to get one, in `missing`
 * @throws {InputError} when only one of the two rates is given */
export function workspaceGate(
  workspace: Workspace,
  options: GateOptions = {},
): { gate: GateFacts; missing: null } | { gate: null; missing: string } {
  const { tpr, tnr, usd = null, ms = null } = options;
  if ((tpr === undefined) !== (tnr === undefined))
    throw new InputError("--gate-tpr and --gate-tnr belong together: give both, or neither");
  if (tpr !== undefined && tnr !== undefined) {
    const rate = (value: number) => givenRate(value, options.measuredOn);
    const gate = { source: "given by the caller", tpr: rate(tpr), tnr: rate(tnr), usd, ms };
    return { gate: { ...gate, is_simulated: false }, missing: null };
  }
  const calibration = readResult<JudgeCalibration>(workspace, "judge_calibration");
  const judged = calibration?.overall;
  if (!calibration || !judged?.tpr || !judged.tnr) return { gate: null, missing: noGate(calibration) };
  return {
    gate: {
      source: `judge ${calibration.judges.join(", ")}, as calibrated against humans on pairs of answers; a gate sees one answer alone and will hardly do better`,
      tpr: judged.tpr,
      tnr: judged.tnr,
      usd,
      ms,
      is_simulated: calibration.is_simulated,
    },
    missing: null,
  };
}

function givenRate(value: number, measuredOn: number | undefined): Estimate {
  if (measuredOn === undefined)
    return { value, low: value, high: value, method: "given, taken as known", n: 0 };
  const { low, high } = clopperPearson(value * measuredOn, measuredOn);
  return { value, low, high, method: "given; exact 95 % interval for so many answers", n: measuredOn };
}

function noGate(calibration: JudgeCalibration | null): string {
  const why = calibration
    ? "no measured gate: the judge's calibration lacks a rate, for want of answers that humans call sufficient, or insufficient"
    : "no measured gate: nothing says how often a gate accepts a good answer and rejects a bad one";
  return `${why}. Measure the judge with signalbox label sheet and signalbox label calibrate, or give --gate-tpr and --gate-tnr with --gate-usd and --gate-ms.`;
}
