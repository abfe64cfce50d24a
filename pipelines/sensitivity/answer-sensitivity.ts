import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import type { SensitivityResult } from "../../datasets/sensitivity-result.js";
import { readResult } from "../../datasets/workspace.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { sensitivityOf } from "./sensitivity.js";

/** {@link sensitivityOf} for a replayed workspace, with its judge's calibration if there is one. */
export function answerSensitivity({
  workspace,
  replay,
  policy,
  manifest,
}: ReplayedWorkspace): SensitivityResult {
  return sensitivityOf(replay, {
    policy,
    artifactId: manifest.artifact_id,
    isSimulated: manifest.training.is_simulated,
    judge: readResult<JudgeCalibration>(workspace, "judge_calibration"),
  });
}
