import type { Policy } from "@signalbox/runtime";
import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import type { SensitivityLine, SensitivityResult } from "../../datasets/sensitivity-result.js";
import { ratioOfSums } from "../../models/statistics/session-sums.js";
import { countSessions, sweepRows } from "../frontier/sweep-rows.js";
import { thresholdsInForce } from "../frontier/thresholds-in-force.js";
import { coverageLines } from "../replay/coverage-lines.js";
import type { ReplayData } from "../replay/replay-data.js";
import { lengthLines } from "./length-lines.js";
import { mixDrift } from "./mix-drift.js";
import { plainSentence } from "./plain-sentence.js";
import { priceLines } from "./price-lines.js";
import { qualityLines } from "./quality-lines.js";
import { routerSums, savingOf, totalOf, weightedSum } from "./router-sums.js";

/** What a sensitivity analysis starts from. */
export interface SensitivityOptions {
  policy: Policy;
  artifactId: string;
  isSimulated: boolean;
  /** How the judge behind the labels errs; null where it wasn't held against humans. */
  judge: JudgeCalibration | null;
}

/** Change one assumption of the router's saving at a time: prices, answer lengths, tokenizers, the traffic's mix, the judge, the
 * calibration; and say how wrong each may be before the saving, or the promised quality, is gone. */
export function sensitivityOf(replay: ReplayData, options: SensitivityOptions): SensitivityResult {
  const { policy, artifactId, isSimulated, judge } = options;
  const standing = thresholdsInForce(policy);
  const sweep = sweepRows(replay, standing);
  const n = sweep.rows.length;
  const shared = {
    schema_version: 1 as const,
    artifact_id: artifactId,
    requests: n,
    sessions: countSessions(sweep),
    coverage: coverageLines(replay),
    is_simulated: isSimulated,
    notes,
  };
  if (n === 0) {
    return {
      ...shared,
      base: null,
      lines: [],
      mix: null,
      sentence: "Nothing was replayed: there is no saving.",
    };
  }
  const sums = routerSums(sweep, policy);
  const ones = replay.models.map(() => 1);
  const [billed, routed] = [weightedSum(sums.billedOn, ones), weightedSum(sums.routedOn, ones)];
  const kept = ratioOfSums(sums.sufficiency, sums.requests);
  const base = {
    billed_usd: totalOf(billed),
    routed_usd: totalOf(routed),
    saving: savingOf(
      billed,
      routed,
      "modelled: logged token counts at list price, and what the gateway adds",
      n,
    ),
    retention: kept && {
      ...kept,
      low: Math.max(0, kept.low),
      high: Math.min(1, kept.high),
      method:
        "modelled: the router's calibrated sufficiency; 95 % interval, cluster-robust by session (Student t)",
      n,
    },
    promise: policy.retention_target,
  };
  const { mix, lines: mixLines } = mixDrift(sweep);
  const lines = [
    ...[...priceLines(sweep, sums, standing), ...lengthLines(sums, n), ...mixLines].sort(widestFirst),
    ...qualityLines(sweep, policy.retention_target, judge).sort(widestFirst),
  ];
  return { ...shared, base, lines, mix, sentence: plainSentence(base, lines) };
}

const notes = [
  "One assumption changes at a time; all others stay as they are. The router's choices stay, unless a line says that they were made anew.",
  "All prices together change dollars and not the share that is saved.",
  "A worst mix is the exact optimum over all mixes of apps and tiers within the distance. It takes each stratum's saving per call as known.",
  "Quality is moved around the router's own estimate. Whether that estimate is right is what the shadow test measures.",
];

function widestFirst(a: SensitivityLine, b: SensitivityLine): number {
  return swingOf(b) - swingOf(a) || (a.label < b.label ? -1 : 1);
}

function swingOf({ low, high }: SensitivityLine): number {
  return low && high ? high.figure.value - low.figure.value : -1;
}
