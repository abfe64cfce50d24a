/** What a gateway charges for a call, USD: it charges its share of the list price and a fee.
 * @param terms share of the list price, and USD a call */
export function gatewayCharge(listUsd: number, terms: { markup: number; fee_usd: number }): number {
  return listUsd * (1 + terms.markup) + terms.fee_usd;
}
