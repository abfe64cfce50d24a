import type { CacheCalibrationResult } from "../../datasets/cache-calibration.js";
import type { Workspace } from "../../datasets/workspace.js";
import type { CacheCalibrateOptions } from "./calibrate-options.js";

export async function calibrateWorkspaceCache(
  _workspace: Workspace,
  _options: CacheCalibrateOptions,
): Promise<CacheCalibrationResult> {
  throw new Error("todo");
}
