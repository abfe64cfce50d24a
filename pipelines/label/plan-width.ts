import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import type { LabelDetails } from "../../datasets/results.js";
import { readResult, type Workspace } from "../../datasets/workspace.js";
import { type ExpectedWidth, expectedWidth } from "./expected-width.js";
import type { SampledRequest } from "./sample-requests.js";

/** Precision of a run at what its budget pays for, with what the workspace knows of the judge and of the share from before.
 * @param usd expected cost of judging all sampled requests; null = unknown
 * @returns null when no candidate is compared */
export function planWidth(
  workspace: Workspace,
  requests: readonly SampledRequest[],
  { candidates, maxUsd }: { candidates: readonly string[]; maxUsd: number | null },
  usd: number | null,
): ExpectedWidth | null {
  if (candidates.length === 0) return null;
  const calibration = readResult<JudgeCalibration>(workspace, "judge_calibration");
  const before = readResult<LabelDetails>(workspace, "label");
  const shares =
    calibration?.shares.map(({ prediction_powered }) => prediction_powered) ??
    before?.pairs.map(({ sufficient_share }) => sufficient_share) ??
    [];
  const known = shares.flatMap((share) => share?.value ?? []);
  const paid = maxUsd === null || usd === null ? 1 : Math.min(1, maxUsd / usd);
  return expectedWidth(requests, {
    items: Math.floor(requests.length * paid),
    sufficient: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null,
    calibration,
  });
}
