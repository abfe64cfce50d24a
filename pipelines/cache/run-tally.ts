import type { CachePrices } from "../../datasets/cache-result.js";
import type { CacheDecision } from "../../models/cache/cache-decision.js";
import type { TracedItem } from "./traced-item.js";

/** What a replay needs besides counts: per request, for intervals, and what running the cache cost. */
export class RunTally {
  /** 1 for a hit, per request. */
  readonly hits: Uint8Array;
  /** Saved less embedding and operations, USD, per request. */
  readonly net: Float64Array;
  readonly sessions: Int32Array;
  requests = 0;
  /** Requests whose truth is known and whose hit, if any, can be judged by it. */
  judgedRequests = 0;
  answeredHits = 0;
  sameAnswerHits = 0;
  crossTenantHits = 0;
  embeddingUsd = 0;
  operationsUsd = 0;
  /** Sum of the lives of all entries, as if none were evicted. */
  entrySeconds = 0;
  /** Billed cost of the cacheable requests with a known one. */
  cacheableUsd = 0;
  cacheableOfKnownCost = 0;

  constructor(
    private readonly settings: { total: number; ttlS: number; prices: CachePrices; end: number | null },
    private readonly isSemantic: boolean,
  ) {
    this.hits = new Uint8Array(settings.total);
    this.net = new Float64Array(settings.total);
    this.sessions = new Int32Array(settings.total);
  }

  /** Count one request; its item must be one that was staged. */
  count(decision: CacheDecision): void {
    const item = decision.item as TracedItem;
    const running = this.chargeFor(decision, item);
    const isHit = decision.served !== null;
    const i = this.requests++;
    this.sessions[i] = item.session;
    this.hits[i] = isHit ? 1 : 0;
    this.net[i] = (isHit ? (item.costUsd ?? 0) : 0) - running;
    if (item.truth >= 0 && (!isHit || decision.isWrong !== null)) this.judgedRequests += 1;
    if (item.neverCache === null && item.costUsd !== null) {
      this.cacheableUsd += item.costUsd;
      this.cacheableOfKnownCost += 1;
    }
    if (isHit) this.compareAnswers(item, decision.served as TracedItem);
  }

  private compareAnswers(item: TracedItem, served: TracedItem): void {
    if (item.tenant !== served.tenant) this.crossTenantHits += 1;
    if (item.answerGroup < 0 || served.answerGroup < 0) return;
    this.answeredHits += 1;
    if (item.answerGroup === served.answerGroup) this.sameAnswerHits += 1;
  }

  /** A request that may be cached costs a lookup; past the exact tier it costs an embedding; as a miss, it costs a write and room. */
  private chargeFor({ tier }: CacheDecision, item: TracedItem): number {
    if (tier === "uncacheable") return 0;
    const { prices, ttlS, end } = this.settings;
    const operation = prices.operations_usd_per_m / 1e6;
    const embedding =
      this.isSemantic && tier !== "exact" ? (item.embedTokens * prices.embedding_usd_per_mtok) / 1e6 : 0;
    const operations = tier === "miss" ? 2 * operation : operation;
    if (tier === "miss" && end !== null) this.entrySeconds += Math.min(ttlS, end - item.at);
    this.embeddingUsd += embedding;
    this.operationsUsd += operations;
    return embedding + operations;
  }
}
