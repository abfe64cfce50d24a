import type { CascadePlan } from "../../models/cascade/cascade-plan.js";
import type { GatewayBill } from "./gateway-bill.js";
import type { LogFacts } from "./laid-out-log.js";
import { defaultOrder, type LeverName } from "./levers.js";
import type { ModelRates } from "./model-rates.js";
import type { LeverPrices } from "./price-log.js";

/** Settings of `measureLevers`; what is left out takes its default. */
export interface LeverOptions {
  /** Prices of the replay's models, in their order; without them nothing is known of prompt caches, batch prices and trimming. */
  rates?: readonly ModelRates[];
  /** Levers of the waterfall in the order in which they are pulled. */
  order?: readonly LeverName[];
  /** Life of an exactly cached answer, hours. */
  ttlHours?: number;
  /** USD of asking the exact cache and keeping an answer, for each request that it is asked for. */
  lookupUsd?: number;
  /** USD of one decision of the router. */
  routerUsd?: number;
  /** Life of a prompt in a provider's prompt cache, seconds, and the shortest that it keeps, tokens. */
  prefixTtlSeconds?: number;
  minPrefixTokens?: number;
  /** Tokens to trim longer prompts to; 0 = to where the audit begins to call them oversize. */
  trimTo?: number;
  /** 1 by row where nobody seems to wait for the answer. */
  isBatchable?: Uint8Array | null;
  /** What gateways add to the attempts' costs. */
  markup?: GatewayBill | null;
  cascade?: CascadePlan | null;
  /** Whether a simulated judge stands behind the router. */
  isSimulated?: boolean;
}

/** A read and a write at $0.20 per 100,000 commands, the pay-as-you-go list price of Upstash Redis. */
export const defaultLookupUsd = 4e-6;

/** Settled options. */
export interface LeverSettings {
  facts: LogFacts;
  prices: LeverPrices;
  order: readonly LeverName[];
  ttlHours: number;
}

/** Settle options.
 * @param models number of models in the policy */
export function settleLevers(models: number, options: LeverOptions): LeverSettings {
  const { ttlHours = 24, lookupUsd = defaultLookupUsd, routerUsd = 0, trimTo = 0 } = options;
  const { prefixTtlSeconds = 300, minPrefixTokens = 1024 } = options;
  const unknown = { windows: [], batchRatio: Number.NaN };
  const rates = options.rates ?? Array.from({ length: models }, () => unknown);
  return {
    order: options.order ?? defaultOrder,
    ttlHours,
    facts: {
      rates,
      isBatchable: options.isBatchable ?? null,
      markup: options.markup ?? null,
      cascade: options.cascade ?? null,
      trimTo,
      answerTtlUs: ttlHours * 3600e6,
    },
    prices: { rates, lookupUsd, routerUsd, prefixTtlUs: prefixTtlSeconds * 1e6, minPrefixTokens },
  };
}
