import type { Estimate, Evidence } from "../../datasets/results.js";
import type { ActionName } from "./action-plans.js";

/** Something that a document says can be done, before it is ranked. */
export interface FoundAction {
  action: ActionName;
  /** Saved a month; null = unknown. */
  usdPerMonth: Estimate | null;
  /** Whether the dollars are those that there are to look at, beside what the plan says of its kind. */
  isUpperBound?: boolean;
  evidence: Evidence;
  /** Names of the result documents. */
  sources: string[];
  /** What the documents say beyond the plan's title. */
  detail?: string;
}

/** Mean days of a month. */
export const daysPerMonth = 365.25 / 12;

/** An amount of so many days as one of a month. */
export function perMonth(estimate: Estimate, days: number): Estimate {
  const factor = daysPerMonth / Math.max(1, days);
  const { value, low, high } = estimate;
  // a bound that JSON has read as null is no bound
  const bound = (usd: number | null, open: number) => (usd === null ? open : usd * factor);
  return {
    ...estimate,
    value: value * factor,
    low: bound(low, Number.NEGATIVE_INFINITY),
    high: bound(high, Number.POSITIVE_INFINITY),
  };
}
