import { escalationProbability, type GateRates } from "../../models/cascade/gate.js";
import { weightedTimes } from "../../models/cascade/weighted-times.js";
import type { CascadeRows } from "./cascade-rows.js";
import type { CascadeTimes } from "./cascade-times.js";
import { lengthClasses } from "./logged-times.js";
import type { TreatmentSums } from "./sum-cascade.js";

/** Median and 95th percentile of a treatment's times to the last token, milliseconds: the mixture of what goes straight to a model, what the
 * gate accepts and what it rejects, each class of lengths with its own distributions.
 * @param gateMs of one look
 * @returns null where a time that is needed is unknown */
export function timeQuantiles(
  { first, strong }: CascadeRows,
  {
    times,
    sums,
    rates,
    gateMs,
    isRace,
  }: {
    times: CascadeTimes;
    sums: TreatmentSums;
    rates: GateRates;
    gateMs: number | null;
    isRace: boolean;
  },
): { p50: number; p95: number } | null {
  const mixture = weightedTimes();
  for (let place = 0; place < lengthClasses; place++) {
    for (const [model, byClass] of times.models.entries()) {
      const mass = sums.direct[model * lengthClasses + place]!;
      if (mass === 0) continue;
      const points = byClass[place]!;
      if (points === null) return null;
      mixture.add(points, mass);
    }
    const asked = sums.askedByClass[place]!;
    if (asked === 0) continue;
    const [cheap, dear] = [times.models[first]![place]!, times.models[strong]![place]!];
    if (cheap === null || dear === null || gateMs === null) return null;
    const sufficient = sums.sufficientByClass[place]! / asked;
    const escalated = asked * escalationProbability(sufficient, rates.tpr.value, rates.tnr.value);
    mixture.add(cheap, asked - escalated, gateMs);
    mixture.addPairs(cheap, dear, escalated, (a, b) => (isRace ? Math.max(a + gateMs, b) : a + gateMs + b));
  }
  const [p50, p95] = mixture.quantiles([0.5, 0.95]);
  return Number.isNaN(p50!) ? null : { p50: p50!, p95: p95! };
}
