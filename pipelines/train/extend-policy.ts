import type { DialPoint, Policy } from "@signalbox/runtime";
import type { CorrectedOutcomes } from "../trust/corrected-outcomes.js";
import type { NewModelCertificate } from "./certify-new-model.js";
import type { ModelFacts } from "./choose-models.js";
import type { TrainingItem } from "./read-training-items.js";
import { certificationNote, policyModel, pricingTime } from "./router-policy.js";

/** A setting of the dial with what certifying the new model at it gave; null when no row was answered by every model. */
export interface ExtendedPoint {
  point: DialPoint;
  certificate: NewModelCertificate | null;
}

/** The policy with a new model in its place by cost, and its threshold at every setting of the dial; everything else as it was. */
export function extendPolicy({
  policy,
  facts,
  rank,
  certificate,
  dial,
  items,
  corrected,
}: {
  policy: Policy;
  facts: ModelFacts;
  rank: number;
  certificate: NewModelCertificate | null;
  dial: readonly ExtendedPoint[];
  items: readonly TrainingItem[];
  corrected: CorrectedOutcomes | null;
}): Policy {
  const { retention_target: retention, confidence } = policy;
  const correction = corrected ? `; quality corrected by ${corrected.ratings} human ratings` : "";
  const threshold =
    certificate === null
      ? {
          min_sufficiency: null,
          retention_low: null,
          n: 0,
          note: `not certifiable: no item was answered by every model (${policy.models.map(({ model }) => model).join(", ")}, ${facts.model})`,
        }
      : {
          min_sufficiency: certificate.certification.threshold,
          retention_low: certificate.certification.retentionLow,
          n: certificate.rows,
          note: `${certificationNote(certificate.certification, retention, confidence)}${correction}`,
        };
  return {
    ...policy,
    models: policy.models.toSpliced(rank, 0, policyModel(facts, pricingTime(items))),
    excluded: policy.excluded.filter(({ model }) => model !== facts.model),
    thresholds: { ...policy.thresholds, [facts.model]: threshold },
    ...(policy.dial ? { dial: dial.map((setting) => extendPoint(setting, facts.model)) } : {}),
  };
}

/** A setting of the dial with the new model's threshold. The bound is the whole router's once the new model answers. */
function extendPoint({ point, certificate }: ExtendedPoint, model: string): DialPoint {
  const certified = certificate?.certification ?? null;
  return {
    retention: point.retention,
    min_sufficiency: { ...point.min_sufficiency, [model]: certified?.threshold ?? null },
    retention_low: certified?.retentionLow ?? point.retention_low,
  };
}
