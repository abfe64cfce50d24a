import type { RouteRequest } from "@signalbox/runtime";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { priceRequest } from "../../datasets/prices/price-book.js";
import { messageText } from "../../datasets/sources/conversation.js";
import type { GivenOutcome } from "./read-outcome-item.js";

/** What an answer cost, and how that is known. An unknown cost is null, never 0. */
interface OutcomeCost {
  costUsd: number | null;
  costSource: "given" | "price_book" | "missing";
}

/** Characters of English text per token: the usual rule of thumb, +19 % on average against recorded usage. */
const charsPerToken = 4;

/** The cost as given, or else the list price of the output tokens and of an input estimated from its length.
 * @param at microseconds since 1970, UTC: the date of the price */
export function priceOutcome(
  { costUsd, outputTokens, model }: GivenOutcome,
  request: RouteRequest,
  at: number,
): OutcomeCost {
  if (costUsd !== null) return { costUsd, costSource: "given" };
  if (outputTokens === null) return { costUsd: null, costSource: "missing" };
  const { usd } = priceRequest({
    provider: null,
    model: canonicalModel(model),
    createdAt: at,
    serviceTier: null,
    isBatch: null,
    usage: {
      inputUncached: Math.ceil(requestChars(request) / charsPerToken),
      inputCacheRead: 0,
      inputCacheWrite5m: 0,
      inputCacheWrite1h: 0,
      outputText: outputTokens,
      outputReasoning: 0,
      inputAudio: null,
      inputImage: null,
      outputAudio: null,
    },
  });
  return usd === null ? { costUsd: null, costSource: "missing" } : { costUsd: usd, costSource: "price_book" };
}

function requestChars({ messages = [], system, tools }: RouteRequest): number {
  const turns = messages.reduce((sum, { content }) => sum + messageText(content).length, 0);
  return turns + messageText(system).length + (tools ? JSON.stringify(tools).length : 0);
}
