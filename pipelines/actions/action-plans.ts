import type { ActionStep, Effort, QualityRisk } from "../../datasets/actions-result.js";
import { cachePlans } from "./plans/cache-plans.js";
import { knowledgePlans } from "./plans/knowledge-plans.js";
import { pricePlans } from "./plans/price-plans.js";
import { routingPlans } from "./plans/routing-plans.js";
import { trafficPlans } from "./plans/traffic-plans.js";

/** How an action is done, whatever it saves. */
export interface ActionPlan {
  title: string;
  effort: Effort;
  effortReason: string;
  risk: QualityRisk;
  riskReason: string;
  /** Its dollars are those that there are to look at, not those that a known change would save. */
  isUpperBound: boolean;
  firstStep: ActionStep;
  check: ActionStep;
}

/** Every action that a document can call for. `DIR` is the workspace. */
export const actionPlans = {
  ...routingPlans,
  ...cachePlans,
  ...trafficPlans,
  ...pricePlans,
  ...knowledgePlans,
} as const satisfies Record<string, ActionPlan>;

/** Name of an action. */
export type ActionName = keyof typeof actionPlans;

/** Actions that change the same calls; how much they save twice is known only where the levers worked it out. */
export const knownOverlaps: ReadonlyArray<readonly [ActionName, ActionName]> = [
  ["router", "cascade"],
  ["router", "exact_cache"],
  ["router", "semantic_cache"],
  ["router", "prompt_cache"],
  ["router", "batch"],
  ["exact_cache", "semantic_cache"],
  ["exact_cache", "batch"],
  ["cascade", "batch"],
  ["oversize", "prompt_cache"],
  ["router", "price_plan"],
  ["markup", "price_plan"],
];
