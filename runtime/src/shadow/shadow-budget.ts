import { recordOf } from "../request/request-fields.js";

/** What a model's tokens cost, USD per million. */
export interface TokenPrice {
  inputUsdPerMtok: number;
  outputUsdPerMtok: number;
}

/** Tokens that a call may take at most, by estimate. */
export interface TokenEstimate {
  inputTokens: number;
  outputTokens: number;
}

/** Money put aside for one call. */
export interface Reservation {
  /** Put the price of what was used in its place.
   * @param usage the provider's usage object; null = the call wasn't billed; undefined = unknown, the estimate stays */
  settle(usage: unknown): void;
}

/** Dollars that may be spent per day, UTC. */
export interface ShadowBudget {
  /** Put money aside for a call. Null when the price is unknown, or the day's dollars don't suffice. */
  reserve(price: TokenPrice | null | undefined, tokens: TokenEstimate): Reservation | null;
  /** Spent and put aside today, USD. */
  spentUsd(): number;
}

/** Open a budget. A call that takes more than its estimate is counted in full, so a day can go over by the excess of the calls under way. */
export function openShadowBudget(maxUsdPerDay: number, clock: () => Date): ShadowBudget {
  let day = "";
  let spent = 0;
  const today = () => {
    const now = clock().toISOString().slice(0, 10);
    if (now !== day) {
      day = now;
      spent = 0;
    }
    return day;
  };

  return {
    reserve(price, tokens) {
      const reservedOn = today();
      const estimate = costOf(price, tokens);
      if (estimate === null || spent + estimate > maxUsdPerDay) return null;
      spent += estimate;
      return {
        settle(usage) {
          if (usage === undefined || today() !== reservedOn) return;
          spent += (usage === null ? 0 : (costOf(price, tokensOf(usage)) ?? estimate)) - estimate;
        },
      };
    },
    spentUsd: () => {
      today();
      return spent;
    },
  };
}

/** Null when a part of it is unknown. */
function costOf(price: TokenPrice | null | undefined, tokens: TokenEstimate | null): number | null {
  if (!price || tokens === null) return null;
  const cost =
    (price.inputUsdPerMtok * tokens.inputTokens + price.outputUsdPerMtok * tokens.outputTokens) / 1e6;
  return Number.isFinite(cost) && price.inputUsdPerMtok >= 0 && price.outputUsdPerMtok >= 0 ? cost : null;
}

/** Tokens of a usage object of OpenAI chat, OpenAI responses or Anthropic. Tokens from or to a prompt cache count as plain input. */
function tokensOf(usage: unknown): TokenEstimate | null {
  const fields = recordOf(usage);
  const input = fields.prompt_tokens ?? fields.input_tokens;
  const output = fields.completion_tokens ?? fields.output_tokens;
  if (!isCount(input) || !isCount(output)) return null;
  const cached = [fields.cache_read_input_tokens, fields.cache_creation_input_tokens].filter(isCount);
  return { inputTokens: cached.reduce((sum, count) => sum + count, input), outputTokens: output };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
