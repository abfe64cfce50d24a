import type { ReplayData } from "../replay/replay-data.js";
import type { LaidOutLog } from "./laid-out-log.js";
import type { LeverSettings } from "./lever-settings.js";
import type { LeverName } from "./levers.js";

/** What a lever would take, and what it doesn't know. */
export function noteOfLever(lever: LeverName, { prices, facts, ttlHours }: LeverSettings): string {
  const notes: Record<LeverName, string> = {
    exact_cache: `Identical prompts to the same model, app and tenant within ${ttlHours} h of a whole answer; $${prices.lookupUsd} for each request that the cache is asked for, hits and misses. Whether an answer may be given again is for you to say.`,
    router:
      "Calls go to the model that the artifact chooses, at its list price and what the gateway adds to it; the prompt cache that a change of model loses is priced session by session.",
    cascade:
      "A cheap model answers first, a gate asks the stronger one where needed: both answers and the gate are paid for. Its second model has cached nothing.",
    prompt_cache: `Follow-ups within ${prices.prefixTtlUs / 1e6} s that repeat a prompt of ${prices.minPrefixTokens} tokens or more and read nothing from the provider's cache: the earlier prompt at the cached price, writing surcharges paid. That a longer prompt begins with the earlier one is assumed.`,
    markup:
      "What signalbox markup infers that the gateway adds to list prices, share and fee, on the calls that went through it, whichever model they go to: what remains is list price.",
    batch:
      "Single-turn calls that were neither streamed nor an agent's, at the batch price of providers that have one: an upper bound, for only you know where nobody waits.",
    oversize: `${facts.trimTo > 0 ? `Prompts above ${facts.trimTo} tokens, cut to that` : "Prompts of over 8 times the median of their app, endpoint and model (at least 4,000 tokens), cut to that"}: an upper bound, for what is cut might have been needed.`,
    retries:
      "Attempts that another attempt of the same request followed, at what they were charged: an upper bound, for not every failure can be prevented.",
  };
  return notes[lever];
}

/** What holds for all levers together. */
export function leverNotes(
  { rows, models, isUnknown }: ReplayData,
  log: LaidOutLog,
  { facts, prices }: LeverSettings,
): string[] {
  const unknown = isUnknown.reduce((sum, flag) => sum + flag, 0);
  const unpriced = models.filter((_, model) => prices.rates[model]!.windows.length === 0);
  let unlogged = 0;
  for (let i = 0; i < log.size; i++) unlogged += Number(log.isReplayed[i] === 1 && log.reads[i]! < 0);
  return [
    "Each attempt has one cost under any set of levers; a step is the difference of two totals, so nothing is counted twice.",
    ...(unknown > 0 ? [`${unknown} of ${rows} attempts have no known price and are in no figure.`] : []),
    "Attempts that are not replayed stay as billed, but for batch prices, mark-ups and superseded attempts.",
    prices.routerUsd === 0
      ? "The router costs nothing here: it decides in the caller's process, in microseconds, without a call. Set a price a decision if yours is a service."
      : `Each decision of the router costs $${prices.routerUsd}.`,
    ...(unpriced.length > 0
      ? [
          `No token prices of ${unpriced.join(", ")}: a lost prompt cache is inside the change of price, and caching, trimming and batch save nothing there.`,
        ]
      : []),
    ...(unlogged > 0
      ? [
          `${unlogged} replayed attempts don't say what they read from the provider's prompt cache: prompt caching claims nothing of them.`,
        ]
      : []),
    ...(facts.isBatchable === null
      ? ["Which calls nobody waits for is not known here, so batch prices save nothing."]
      : []),
    "A semantic cache is left out: its replay keeps the offers of a part of the log only. See signalbox cache replay.",
  ];
}
