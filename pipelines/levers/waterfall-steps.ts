import type { WaterfallStep } from "../../datasets/levers-result.js";
import { Evidence } from "../../datasets/results.js";
import type { LaidOutLog } from "./laid-out-log.js";
import { type LeverName, levers, Part } from "./levers.js";
import type { ChangeEstimator } from "./measure-levers.js";
import { type LeverPrices, priceLog } from "./price-log.js";

/** Pull levers one after the other: each step is the difference between two totals of nested sets. The router takes three steps (other
 * models at their prices with the prompt cache kept, the prompt cache that is lost in truth, its own cost).
 * @returns the steps, and the spend after the last of them, whole and by session */
export function waterfallSteps(
  log: LaidOutLog,
  prices: LeverPrices,
  order: readonly LeverName[],
  estimate: ChangeEstimator,
): { steps: WaterfallStep[]; usd: number; bySession: Float64Array } {
  let before = new Float64Array(log.sessions);
  let after = new Float64Array(log.sessions);
  let on = 0;
  let usd = priceLog(log, prices, on, { bySession: before }).usd;
  const steps = order.flatMap(partsOf).map(({ step, label, parts, how }) => {
    on |= parts;
    const next = priceLog(log, prices, on, { bySession: after }).usd;
    const change = estimate(next - usd, (session) => after[session]! - before[session]!, how);
    [before, after] = [after, before];
    usd = next;
    return { step, label, change, after_usd: usd, evidence: how };
  });
  return { steps, usd, bySession: before };
}

interface StepParts {
  step: string;
  label: string;
  parts: number;
  how: Evidence;
}

function partsOf(name: LeverName): StepParts[] {
  const { label, parts } = levers[name];
  if (name !== "router") {
    const how = name === "retries" ? Evidence.measured : Evidence.modelled;
    return [{ step: name, label, parts, how }];
  }
  const how = Evidence.modelled;
  return [
    { step: "router_price", label: "Router: other models' prices", parts: Part.route, how },
    { step: "router_cache", label: "Router: prompt cache lost", parts: Part.loseCache, how },
    { step: "router_fee", label: "Router: its own cost", parts: Part.routerFee, how },
  ];
}
