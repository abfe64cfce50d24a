import type { DialPoint, Policy } from "@signalbox/runtime";
import type { DialReport } from "../../datasets/model-evidence.js";
import type { DialCertification } from "../../models/thresholds/certify-dial.js";
import type { HeldOut } from "./held-out-rows.js";
import { routedCosts } from "./routed-costs.js";
import { routedFigures } from "./routed-figures.js";

/** The dial as the policy stores it. One threshold applies to all candidates. */
export function policyDial(
  certifications: readonly DialCertification[],
  candidates: ReadonlyArray<{ model: string }>,
): DialPoint[] {
  return certifications.map(({ retention, threshold, retentionLow }) => ({
    retention,
    min_sufficiency: Object.fromEntries(candidates.map(({ model }) => [model, threshold])),
    retention_low: retentionLow,
  }));
}

/** What each setting of the dial does to the held-out rows. */
export function dialReport(
  { dial = [], confidence, retention_target }: Policy,
  certifications: readonly DialCertification[],
  heldOut: HeldOut,
): DialReport {
  return {
    confidence,
    in_force: retention_target,
    points: dial.map((point, i) => {
      const { threshold } = certifications[i]!;
      const { cost_saving, strong_share } = routedFigures(heldOut, threshold);
      return { ...point, strong_share, saving: cost_saving, costs: routedCosts(heldOut, threshold) };
    }),
  };
}
