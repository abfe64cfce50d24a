import type { GatewayTerms } from "../../datasets/gateway-terms.js";
import type { TrafficRow } from "./traffic-row.js";

/** Places in the list of terms that are none. */
export const NoTerms = {
  /** The bill is a list price, or nothing was charged. */
  notReported: -1,
  /** The bill is a gateway's, and what that adds was never looked at. */
  unknown: -2,
} as const;

/** Make a search for the terms that hold for an attempt, by its gateway, provider and model. */
export function termsFinder(
  terms: readonly GatewayTerms[],
): (row: Pick<TrafficRow, "charged_by" | "provider" | "model">) => number {
  const places = new Map<string, Map<string | null, Map<string, number>>>();
  terms.forEach(({ gateway, provider, model }, place) => {
    const ofGateway = places.get(gateway) ?? new Map<string | null, Map<string, number>>();
    const ofProvider = ofGateway.get(provider) ?? new Map<string, number>();
    places.set(gateway, ofGateway.set(provider, ofProvider.set(model, place)));
  });
  return ({ charged_by: gateway, provider, model }) =>
    gateway === null
      ? NoTerms.notReported
      : (places.get(gateway)?.get(provider)?.get(model) ?? NoTerms.unknown);
}
