import { InputError } from "../../datasets/errors.js";
import type { PriceBreakEven } from "../../datasets/pricing-result.js";
import type { PricingPlan } from "../../models/pricing/plan.js";
import { type PlanCost, planCost } from "../../models/pricing/plan-cost.js";
import { scaleVolume, tokensOf, volumeOf } from "../../models/pricing/volume.js";
import { breakEvens } from "./break-evens.js";

/** What an average call is, for traffic that there is no log of. */
export interface CallByHand {
  /** Input that doesn't come from the prompt cache. */
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** null when only break-evens are asked for. */
  callsPerMonth: number | null;
  users: number;
  monthDays: number;
}

/** Break-evens of plans for calls of one size, and what a number of such calls costs. */
export interface BreakEvenResult {
  schema_version: 1;
  call: { input_tokens: number; cached_input_tokens: number; output_tokens: number } | null;
  /** Empty when no number of calls is given. */
  costs: Array<{ plan: string; usd_per_month: number; usd_per_call: number; unserved_calls: number }>;
  break_evens: PriceBreakEven[];
}

/** Compare plans without a log.
 * @throws {InputError} when there are fewer than two plans, or one is at list price, which no model is named for */
export function breakEvenByHand(plans: readonly PricingPlan[], given: CallByHand): BreakEvenResult {
  if (plans.length < 2)
    throw new InputError("a break-even needs two prices; give --plans with two plans, or two by options");
  const list = plans.find(({ tokens }) => tokens === "list");
  if (list !== undefined)
    throw new InputError(
      `plan ${JSON.stringify(list.name)} is at list price, which needs a log: use pricing compare, or name a model or rates in its tokens`,
    );
  const call = volumeOf({
    calls: 1,
    input_tokens: given.inputTokens,
    cached_input_tokens: given.cachedTokens,
    output_tokens: given.outputTokens,
  });
  const isKnown = tokensOf(call) > 0;
  const calls = given.callsPerMonth;
  const { users, monthDays } = given;
  const costOf = (plan: PricingPlan): PlanCost =>
    planCost(plan, scaleVolume(call, calls!), { users, monthDays });
  return {
    schema_version: 1,
    call: isKnown
      ? {
          input_tokens: given.inputTokens,
          cached_input_tokens: given.cachedTokens,
          output_tokens: given.outputTokens,
        }
      : null,
    costs:
      calls === null || !isKnown
        ? []
        : plans.map((plan) => {
            const { usd, unserved_calls } = costOf(plan);
            return { plan: plan.name, usd_per_month: usd, usd_per_call: usd / calls, unserved_calls };
          }),
    break_evens: breakEvens(
      plans.map((plan) => ({ plan, call: isKnown ? call : null })),
      { users, monthDays },
    ),
  };
}
