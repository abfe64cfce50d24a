import type { CacheCalibrationResult } from "../../datasets/cache-calibration.js";
import type { CacheReplayResult } from "../../datasets/cache-result.js";
import type { DriftResult } from "../../datasets/drift-result.js";
import type { LeversResult } from "../../datasets/levers-result.js";
import type { MarkupResult } from "../../datasets/markup-result.js";
import type { PricingResult } from "../../datasets/pricing-result.js";
import type { ReconcileResult } from "../../datasets/reconcile-result.js";
import type { AuditResult, SimulateResult } from "../../datasets/results.js";
import { readResult, type Workspace } from "../../datasets/workspace.js";

/** Documents that actions are made of; null while nothing wrote them. */
export interface ActionDocuments {
  audit: AuditResult | null;
  levers: LeversResult | null;
  simulate: SimulateResult | null;
  cacheReplay: CacheReplayResult | null;
  cacheCalibration: CacheCalibrationResult | null;
  markup: MarkupResult | null;
  reconcile: ReconcileResult | null;
  pricing: PricingResult | null;
  drift: DriftResult | null;
}

/** Read what a workspace holds of them. */
export function readActionDocuments(workspace: Workspace): ActionDocuments {
  return {
    audit: readResult(workspace, "audit"),
    levers: readResult(workspace, "levers"),
    simulate: readResult(workspace, "simulate"),
    cacheReplay: readResult(workspace, "cache_replay"),
    cacheCalibration: readResult(workspace, "cache_calibration"),
    markup: readResult(workspace, "markup"),
    reconcile: readResult(workspace, "reconcile"),
    pricing: readResult(workspace, "pricing"),
    drift: readResult(workspace, "drift"),
  };
}
