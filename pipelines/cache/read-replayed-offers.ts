import { type CacheCandidateRow, cacheCandidates } from "../../datasets/cache-candidates.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import type { OfferLabel, ReplayedOffer } from "../../models/cache/calibrate-pairs.js";
import type { RankedOffer } from "../../models/cache/offer-score.js";
import type { SettledPair } from "./pairs/settle-pairs.js";

/** Read a replay's offers with what was said of them; `cannot_tell` counts as a wrong answer. */
export async function readReplayedOffers(
  workspace: Workspace,
  pairs: readonly SettledPair[],
): Promise<ReplayedOffer[]> {
  const pairOf = new Map(pairs.map((pair) => [keyOf(pair), pair]));
  const offers: ReplayedOffer[] = [];
  const engine = await openTables(workspace);
  try {
    const columns = "request_id, segment, tier, entry_id, similarity, features_json, is_same_answer";
    const sql = `SELECT ${columns} FROM ${cacheCandidates.name} ORDER BY created_at, request_id`;
    for await (const rows of engine.chunks<CacheCandidateRow>(sql)) {
      for (const row of rows) {
        const pair = pairOf.get(keyOf({ request_id: row.request_id, entry_id: row.entry_id ?? "" }));
        offers.push({
          segment: row.segment,
          offer: offerOf(row),
          isSameAnswer: row.is_same_answer,
          label: pair === undefined ? null : labelOf(pair),
        });
      }
    }
  } finally {
    engine.close();
  }
  return offers;
}

function keyOf({ request_id, entry_id }: { request_id: string; entry_id: string }): string {
  return JSON.stringify([request_id, entry_id]);
}

function offerOf({ tier, similarity, features_json }: CacheCandidateRow): RankedOffer {
  if (tier === "exact") return { tier };
  if (tier !== "semantic" || similarity === null || features_json === null) return { tier: "none" };
  return { tier: "semantic", cosine: similarity, features: JSON.parse(features_json) as number[] };
}

function labelOf({ verdict, is_sampled, inclusion_probability }: SettledPair): OfferLabel {
  return {
    isSame: verdict === "same",
    inclusionProbability: is_sampled ? inclusion_probability : null,
  };
}
