import type { ChargeTerms, GatewayTerms } from "../../datasets/gateway-terms.js";

/** What gateways add to costs, by group of attempts: the part that leaving the gateway would take off. Discounts are none of that. */
export interface GatewayBill {
  /** Group of each attempt, -1 = no gateway that adds something. */
  groups: Int32Array;
  /** Places of a group: the policy's models and, after them, the bill. */
  width: number;
  /** Share of the list price, and USD a call, 0 or more: place group * width + model. */
  markup: Float64Array;
  fee: Float64Array;
}

/** Lay terms out by group.
 * @param models number of models in the policy
 * @param groups place of each attempt's terms, -1 = none */
export function layOutBill(
  terms: ReadonlyArray<Pick<GatewayTerms, "billed" | "on">>,
  models: number,
  groups: Int32Array,
): GatewayBill {
  const width = models + 1;
  const markup = new Float64Array(terms.length * width);
  const fee = new Float64Array(terms.length * width);
  terms.forEach(({ billed, on }, group) => {
    [...on, billed].forEach((charged, place) => {
      markup[group * width + place] = Math.max(0, charged?.markup ?? 0);
      fee[group * width + place] = Math.max(0, charged?.fee_usd ?? 0);
    });
  });
  return { groups, width, markup, fee };
}

/** Whether a gateway adds anything to the bill of its calls, or would to their cost on another model. */
export function addsToList({ billed, on }: Pick<GatewayTerms, "billed" | "on">): boolean {
  const adds = (terms: ChargeTerms | null) => terms !== null && (terms.markup > 0 || terms.fee_usd > 0);
  return adds(billed) || on.some(adds);
}
