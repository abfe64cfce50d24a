/** USD per million tokens of each kind. */
export interface PlanRates {
  input_usd_per_mtok: number;
  /** Input read from the provider's prompt cache. */
  cached_input_usd_per_mtok: number;
  /** Input written to it. */
  cache_write_usd_per_mtok: number;
  output_usd_per_mtok: number;
}

/** A price for traffic, as plain data: parts that add up. At least one of tokens, call, subscription and gpu is there. */
export interface PricingPlan {
  name: string;
  /** Tokens at given rates, or at the list price of the models that served them. */
  tokens: PlanRates | "list" | null;
  /** Added to the token charge. */
  markup_percent: number;
  /** Taken off the token charge of the part that can wait; `eligible_percent` null: the part that the log shows to be batchable. */
  batch: { discount_percent: number; eligible_percent: number | null } | null;
  /** A fixed amount for every attempt, or for every attempt that was answered. */
  call: { usd: number; counts: "attempts" | "answers" } | null;
  subscription: Subscription | null;
  /** Money promised for each month: token charges draw it down at the discount; what isn't used is paid all the same. */
  commitment: {
    usd_per_month: number;
    discount_percent: number;
    /** Off what goes beyond the commitment. */
    overage_discount_percent: number;
  } | null;
  /** Machines of one's own. */
  gpu: GpuFleet | null;
  /** Charged on everything that is paid, as a fee for buying credits. */
  credit_fee_percent: number;
}

/** A plan without any part, to add parts to. */
export const emptyPlan: Readonly<Omit<PricingPlan, "name">> = {
  tokens: null,
  markup_percent: 0,
  batch: null,
  call: null,
  subscription: null,
  commitment: null,
  gpu: null,
  credit_fee_percent: 0,
};

/** Whether a plan charges by the call and the token alone, in proportion to the traffic. */
export function isPerCallOrToken({ subscription, commitment, gpu }: PricingPlan): boolean {
  return subscription === null && commitment === null && gpu === null;
}

/** A fixed amount a month, for the account or for every user. */
export interface Subscription {
  usd_per_month: number;
  per: "account" | "user";
  /** What the amount pays for; null when there is no cap. */
  included: { unit: "calls" | "tokens"; amount: number; period: "day" | "month" } | null;
  /** USD for a call, or for a million tokens, above what is included; null when nothing above it is served. */
  overage_usd: number | null;
}

/** Rented or amortised machines that are kept up for some hours a month, whatever the traffic. */
export interface GpuFleet {
  usd_per_hour: number;
  /** Input and output together, of one replica under full load. */
  tokens_per_second: number;
  /** Share of full load that real traffic reaches over the hours, in (0, 1]. */
  utilisation: number;
  hours_per_month: number;
  /** Kept up at least. */
  replicas: number;
  /** Added when needed up to this many; null for as many as it takes. */
  max_replicas: number | null;
}
