import type { CacheCalibrationResult } from "../../datasets/cache-calibration.js";
import { type StageManifest, type Workspace, writeManifest, writeResult } from "../../datasets/workspace.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";

/** Leave a calibration in a workspace: the result document and, last, the manifest. */
export function storeCalibration(
  workspace: Workspace,
  result: CacheCalibrationResult,
  { inputs, started }: { inputs: StageManifest["inputs"]; started: number },
): void {
  writeResult(workspace, "cache_calibration", result);
  writeManifest(workspace, {
    stage: "cache-calibrate",
    completed_at: new Date().toISOString(),
    versions: {
      signalbox: toolkitVersion,
      embedder: result.embedder.id,
      embedder_sha256: result.embedder.sha256,
    },
    inputs,
    rows: { labels: result.labels, segments: result.segments.length },
    seed: result.seed,
    seconds: Math.round(performance.now() - started) / 1000,
    notes: result.notes,
  });
}
