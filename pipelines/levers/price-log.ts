import { PrefixMemory } from "../../models/levers/prefix-memory.js";
import { prefixValue, readSaving } from "../../models/levers/prefix-value.js";
import { CompensatedSum } from "../../models/statistics/compensated-sum.js";
import { CacheOutcome } from "./exact-answers.js";
import type { LaidOutLog } from "./laid-out-log.js";
import { Part } from "./levers.js";
import { type ModelRates, pricesAt, type TokenPrices } from "./model-rates.js";
import { trimmingSaving } from "./trimming-saving.js";

/** What a set of levers is priced with. */
export interface LeverPrices {
  rates: readonly ModelRates[];
  /** Asking the exact cache and keeping the answer, USD for every request, hits included. */
  lookupUsd: number;
  /** The router's own cost, USD for every request that it decides. */
  routerUsd: number;
  /** Life of a prompt in a provider's cache, microseconds, and the shortest that is kept, tokens. */
  prefixTtlUs: number;
  minPrefixTokens: number;
}

/** A log under one set of levers. */
export interface PricedLog {
  usd: number;
  /** Attempts whose cost differs from the bill. */
  changed: number;
}

/** What a batch costs of the standard price where the provider of a model outside the pool has one: only those whose documentation says
 * half are batchable (pipelines/sql/billed-requests.sql). */
const documentedBatchRatio = 0.5;

/** Price a log under a set of levers: each attempt gets one cost, whatever levers meet on it, so nothing can be saved twice.
 * @param on set of {@link Part} bits; 0 gives the bill
 * @param bySession filled with each session's cost
 * @param byPlace filled with each attempt's cost */
export function priceLog(
  log: LaidOutLog,
  prices: LeverPrices,
  on: number,
  { bySession, byPlace }: { bySession?: Float64Array; byPlace?: Float64Array } = {},
): PricedLog {
  const pricer = new AttemptPricer(log, prices, on);
  const total = new CompensatedSum();
  let changed = 0;
  for (let session = 0; session < log.sessions; session++) {
    pricer.begin(session);
    let sum = 0;
    for (let i = log.starts[session]!; i < log.starts[session + 1]!; i++) {
      const usd = pricer.price(i);
      total.add(usd);
      sum += usd;
      if (usd !== log.billed[i]) changed += 1;
      if (byPlace !== undefined) byPlace[i] = usd;
    }
    if (bySession !== undefined) bySession[session] = sum;
  }
  return { usd: total.total, changed };
}

/** Mark the sessions in which prompt caching can matter, and which logged reads an earlier call of the same session had put there: the
 * reads that a change of model or a request that isn't sent can lose. The others, of a system prompt that all sessions share, stay. */
export function rememberReads(log: LaidOutLog, { prefixTtlUs, minPrefixTokens, rates }: LeverPrices): void {
  const memory = new PrefixMemory(rates.length, prefixTtlUs, minPrefixTokens);
  for (let session = 0; session < log.sessions; session++) {
    memory.forget();
    let long = 0;
    for (let i = log.starts[session]!; i < log.starts[session + 1]!; i++) {
      if (!canCache(log, i)) continue;
      if (log.input[i]! >= minPrefixTokens) long += 1;
      const model = log.served[i]!;
      log.sessionReads[i] = Math.min(Math.max(0, log.reads[i]!), memory.held(model, log.at[i]!));
      memory.remember(model, log.at[i]!, log.input[i]!, 0);
    }
    log.isLong[session] = Number(long > 1);
    if (long < 2) log.sessionReads.fill(0, log.starts[session], log.starts[session + 1]);
  }
}

/** Attempts that warm a prompt cache: answered at once, with known tokens, and not sent again. */
function canCache(log: LaidOutLog, i: number): boolean {
  return log.isReplayed[i] === 1 && log.isBatch[i] === 0 && log.isSuperseded[i] === 0 && log.input[i]! >= 0;
}

/** The cost of one attempt after the other under one set of levers. What a session's earlier attempts left in the providers' caches is
 * carried along. */
class AttemptPricer {
  private readonly memory: PrefixMemory;
  private isLong = false;

  constructor(
    private readonly log: LaidOutLog,
    private readonly prices: LeverPrices,
    private readonly on: number,
  ) {
    this.memory = new PrefixMemory(prices.rates.length, prices.prefixTtlUs, prices.minPrefixTokens);
  }

  begin(session: number): void {
    this.isLong = this.log.isLong[session] === 1;
    this.memory.forget();
  }

  price(i: number): number {
    const { log, on } = this;
    if ((on & Part.retries) !== 0 && log.isSuperseded[i] === 1) return 0;
    const outcome = (on & Part.exactCache) === 0 ? CacheOutcome.notAsked : log.cacheOutcome[i]!;
    const lookup = outcome === CacheOutcome.notAsked ? 0 : this.prices.lookupUsd;
    if (outcome === CacheOutcome.hit) return lookup;
    return lookup + (log.isReplayed[i] === 1 ? this.replayed(i) : this.left(i));
  }

  /** An attempt that no model change can be priced for. */
  private left(i: number): number {
    const { log, on } = this;
    const isBatched = (on & Part.batch) !== 0 && log.isBatchable[i] === 1;
    const full = this.charged(i, -1, log.billed[i]!);
    return batched(full, this.feeIn(i, -1, full), isBatched ? this.batchRatio(log.served[i]!) : 1);
  }

  private replayed(i: number): number {
    const { log, on } = this;
    const fee = (on & Part.routerFee) === 0 ? 0 : this.prices.routerUsd;
    const { cascade } = log;
    if ((on & Part.cascade) !== 0 && cascade !== null && log.escalates[i]! >= 0) {
      const then = log.escalates[i]! * this.onModel(i, cascade.second, log.thenUsd[i]!, false);
      return fee + log.gateUsd[i]! + this.onModel(i, cascade.first, log.firstUsd[i]!, true) + then;
    }
    if ((on & Part.route) === 0) return fee + this.onModel(i, log.served[i]!, log.billed[i]!, true);
    return fee + this.onModel(i, log.chosen[i]!, log.chosenUsd[i]!, true);
  }

  /** Cost of the attempt on one model.
   * @param usd on that model with what its gateway adds, cache reads as uncached
   * @param isFirst whether this model reads the session in turn; a cascade's second model does by chance, and has cached nothing */
  private onModel(i: number, model: number, usd: number, isFirst: boolean): number {
    const { log, on, memory } = this;
    const isServed = model === log.served[i];
    const terms = isServed ? -1 : model;
    const full = this.charged(i, terms, isServed ? log.billed[i]! : usd);
    const fee = this.feeIn(i, terms, full);
    const isBatched = (on & Part.batch) !== 0 && log.isBatchable[i] === 1;
    const ratio = isBatched ? this.batchRatio(model) : 1;
    if (log.isBatch[i] === 1) return full;
    const reads = log.reads[i]! > 0 ? log.reads[i]! : 0;
    const trimTo = (on & Part.oversize) === 0 ? 0 : log.trimTo[i]!;
    const isRemembered = this.isLong && isFirst && !isBatched && canCache(log, i);
    if (!isRemembered && trimTo === 0 && (reads === 0 || (isServed && log.sessionReads[i] === 0)))
      return batched(full, fee, ratio);

    const isMoved = !isServed && (on & Part.loseCache) !== 0;
    const place = isMoved ? model : log.served[i]!;
    const held = isRemembered ? memory.held(place, log.at[i]!) : 0;
    const lost = isMoved || isBatched ? 0 : Math.max(0, log.sessionReads[i]! - Math.min(held, reads));
    const cached = isMoved ? Math.min(held, reads) : reads - lost;
    const canGain = (on & Part.promptCache) !== 0 && log.reads[i] === 0 && held > 0 && held <= log.input[i]!;
    const isPlain = trimTo === 0 && !canGain && (isServed ? lost : cached) === 0;
    const prices = isPlain ? null : pricesAt(this.prices.rates[model]!, log.at[i]!, log.input[i]!);
    if (prices === null) {
      if (isRemembered) memory.remember(place, log.at[i]!, log.input[i]!, cached);
      return batched(full, fee, ratio);
    }
    const list = listOf(prices, log.input[i]!, isServed ? reads : 0, log.output[i]!);
    const scale = list > 0 ? Math.min(1 + this.markupIn(i, terms), (full - fee) / list) : 0;
    const paid = Math.min(memory.paidFor(place), held);
    const change = isServed
      ? lost * readSaving(prices)
      : isMoved
        ? -prefixValue(cached, Math.max(0, cached - paid), prices)
        : -cached * readSaving(prices);
    const gain = canGain ? prefixValue(held, log.input[i]! - paid, prices) : 0;
    const read = gain > 0 ? held : cached;
    if (isRemembered) memory.remember(place, log.at[i]!, log.input[i]!, gain > 0 ? log.input[i]! : cached);
    const trimmed = trimTo > 0 ? this.trimmed(i, model, prices, read) : 0;
    return batched(Math.max(fee, full + (change - gain - trimmed) * scale), fee, ratio);
  }

  private trimmed(i: number, model: number, prices: TokenPrices, cached: number): number {
    const { at, input, output, trimTo } = this.log;
    const prompt = { at: at[i]!, input: input[i]!, trimTo: trimTo[i]!, cached, output: output[i]! };
    return trimmingSaving(this.prices.rates[model]!, prices, prompt);
  }

  /** A cost with what a gateway adds to it, or without once the lever takes that off.
   * @param model whose terms hold; -1 = those of the bill */
  private charged(i: number, model: number, usd: number): number {
    const at = (this.on & Part.markup) === 0 ? -1 : this.termsAt(i, model);
    if (at < 0) return usd;
    const { markup, fee } = this.log.gateway!;
    return Math.max(0, usd - fee[at]!) / (1 + markup[at]!);
  }

  /** The gateway's share that is still in a cost, and its fee: a part of the cost that no token changes. */
  private markupIn(i: number, model: number): number {
    const at = (this.on & Part.markup) === 0 ? this.termsAt(i, model) : -1;
    return at < 0 ? 0 : this.log.gateway!.markup[at]!;
  }

  private feeIn(i: number, model: number, usd: number): number {
    const at = (this.on & Part.markup) === 0 ? this.termsAt(i, model) : -1;
    return at < 0 ? 0 : Math.min(usd, this.log.gateway!.fee[at]!);
  }

  private termsAt(i: number, model: number): number {
    const { gateway } = this.log;
    if (gateway === null || gateway.groups[i]! < 0) return -1;
    return gateway.groups[i]! * gateway.width + (model < 0 ? gateway.width - 1 : model);
  }

  /** 1 where the batch price isn't known: nothing is saved by it. */
  private batchRatio(model: number): number {
    if (model < 0) return documentedBatchRatio;
    const { batchRatio } = this.prices.rates[model]!;
    return batchRatio <= 1 ? batchRatio : 1;
  }
}

/** A cost at the batch price, which is of tokens: a fee for the call stays. */
function batched(usd: number, fee: number, ratio: number): number {
  return ratio === 1 ? usd : (usd - fee) * ratio + fee;
}

/** List price of a call, USD. Where a cost lies below it (flex, a discount that the price book doesn't know), savings per token shrink with it. */
function listOf(tokens: TokenPrices, input: number, reads: number, output: number): number {
  return input * tokens.input - reads * readSaving(tokens) + Math.max(0, output) * tokens.output;
}
