import type { CacheReplayResult } from "../../datasets/cache-result.js";
import type { CacheDecision } from "../../models/cache/cache-decision.js";
import type { TracedItem } from "./traced-item.js";

/** A cache as many are built: its key is the tenant and the last user turn, whatever was said before. It runs beside the exact tier
 * and counts the hits that only the missing conversation, system prompt or model makes. */
export class LastTurnCache {
  private readonly entries = new Map<string, { truth: number; at: number }>();
  private readonly counts = { hits: 0, refused_hits: 0, refused_known: 0, refused_wrong: 0 };

  constructor(private readonly limits: { ttlS: number; capacity: number }) {}

  /** Count one request of the replay of the exact tier. */
  count({ item, tier }: CacheDecision): void {
    if (tier === "uncacheable") return;
    const { lastTurnKey, truth, at } = item as TracedItem;
    const entry = this.entries.get(lastTurnKey);
    if (entry === undefined || at - entry.at > this.limits.ttlS) {
      this.put(lastTurnKey, { truth, at });
      return;
    }
    this.counts.hits += 1;
    if (tier === "exact") return;
    this.counts.refused_hits += 1;
    if (truth < 0 || entry.truth < 0) return;
    this.counts.refused_known += 1;
    if (truth !== entry.truth) this.counts.refused_wrong += 1;
  }

  result(isTruthKnown: boolean): CacheReplayResult["last_turn_key"] {
    return { ...this.counts, refused_wrong: isTruthKnown ? this.counts.refused_wrong : null };
  }

  private put(key: string, entry: { truth: number; at: number }): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size <= this.limits.capacity) return;
    this.entries.delete(this.entries.keys().next().value!);
  }
}
