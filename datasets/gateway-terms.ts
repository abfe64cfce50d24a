/** What a gateway adds to a list price: it charges `list * (1 + markup) + fee_usd` for a call. */
export interface ChargeTerms {
  /** Share of the list price; below 0 = a discount. */
  markup: number;
  /** USD a call. */
  fee_usd: number;
}

/** What the calls of one gateway to one model pay beyond list prices, and would pay on the policy's models. */
export interface GatewayTerms {
  gateway: string;
  provider: string | null;
  model: string;
  /** Inside the bill of these calls; null = not known. */
  billed: ChargeTerms | null;
  /** On each of the policy's models, in their order; null = not known, so that list price is taken. */
  on: Array<ChargeTerms | null>;
}
