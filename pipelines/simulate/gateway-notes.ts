import type { GatewayTerms } from "../../datasets/gateway-terms.js";
import { NoTerms } from "./find-terms.js";
import type { ReplayColumns } from "./replay-columns.js";

/** Say of how many replayed attempts' gateways the mark-up is carried over to other models, and of how many it isn't known.
 * @param rows numbers of the replayed attempts
 * @param isInferred whether `signalbox markup` was run before */
export function gatewayNotes(
  { terms: places, served, billed }: Pick<ReplayColumns, "terms" | "served" | "billed">,
  rows: Int32Array,
  { terms, isInferred }: { terms: readonly GatewayTerms[]; isInferred: boolean },
): string[] {
  const kinds = terms.map(({ on }) => on.map((_, model) => kindOf(on, model)));
  const found = { carried: 0, nothing: 0, unknown: 0 };
  let [unknownUsd, billedUsd] = [0, 0];
  for (const row of rows) {
    billedUsd += billed[row]!;
    const place = places[row]!;
    if (place === NoTerms.notReported) continue;
    const kind = place === NoTerms.unknown ? "unknown" : kinds[place]![served[row]!]!;
    found[kind] += 1;
    if (kind === "unknown") unknownUsd += billed[row]!;
  }
  const share = billedUsd > 0 ? ((100 * unknownUsd) / billedUsd).toFixed(1) : "0";
  return [
    ...(found.carried > 0
      ? [
          `${found.carried} replayed attempts went through a gateway that adds to list prices: their cost on another model is its list price x (1 + mark-up) + fee, as inferred by signalbox markup (gateway_terms).`,
        ]
      : []),
    ...(found.unknown > 0
      ? [
          `${found.unknown} replayed attempts (${share} % of their dollars) have ${isInferred ? "a gateway's prices, and what it adds to other models' list prices could not be told: these are taken as they are" : "a gateway's prices: other models are priced at list, without what it adds. Run `signalbox markup` first"}; a gateway that adds something makes the true saving smaller.`,
        ]
      : []),
  ];
}

/** What is known of the models that the calls of a served model can move to: unknown when one of them is. */
function kindOf(on: GatewayTerms["on"], served: number): "carried" | "nothing" | "unknown" {
  const others = on.filter((_, model) => model !== served);
  if (others.includes(null)) return "unknown";
  return others.some((terms) => terms!.markup !== 0 || terms!.fee_usd !== 0) ? "carried" : "nothing";
}
