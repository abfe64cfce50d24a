import { join } from "node:path";
import type { CachePrices, CacheReplayResult, CacheSegmentRow } from "../../datasets/cache-result.js";
import type { Workspace } from "../../datasets/workspace.js";
import { candidateSpan } from "./candidate-span.js";
import { type CandidateWriter, openCandidateWriter } from "./candidate-writer.js";
import { embedItems } from "./embedded-items.js";
import { LastTurnCache } from "./last-turn-cache.js";
import type { CacheEmbedder } from "./open-cache-embedder.js";
import type { CacheReplayOptions, SourceSummary } from "./replay.js";
import { type ReplayedRun, type ReplaySettings, replayRuns } from "./replay-runs.js";
import type { ItemSpan, StagedItems } from "./stage-items.js";

/** What a curve is made from. */
export interface CurveRequest {
  staged: StagedItems;
  embedder: CacheEmbedder;
  prices: CachePrices;
  source: SourceSummary;
  options: CacheReplayOptions;
  /** For files that are removed afterwards. */
  folder: string;
  /** Whose candidates are written; null = none are. */
  workspace: Workspace | null;
}

/** Replay staged items through the exact tier alone, which gives the candidates, and at each threshold.
 * @returns the result, and the candidates, not committed yet: the caller's to close; null without a workspace */
export async function replayCurve(
  request: CurveRequest,
): Promise<{ result: CacheReplayResult; candidates: CandidateWriter | null }> {
  const { staged, embedder, options, folder, workspace } = request;
  const span = await staged.span();
  const file = join(folder, "vectors.f32");
  const items = await embedItems(staged, embedder, {
    file,
    total: span.items,
    onProgress: options.onProgress,
  });
  const settings = settingsOf(request, span, items);
  const lastTurn = new LastTurnCache(settings);
  const candidates = workspace === null ? null : await openCandidateWriter(workspace, options.hasGuard);
  try {
    const thresholds = [...new Set(options.thresholds)].sort((a, b) => b - a);
    const kept = candidateSpan(span.items);
    let done = 0;
    const runs = await replayRuns(settings, thresholds, {
      onExact(decision) {
        lastTurn.count(decision);
        if (done >= kept.from && done < kept.to) candidates?.add(decision);
        done += 1;
      },
      async onBatch() {
        await candidates?.flush();
        options.onProgress?.({ label: "replaying", done, total: span.items, unit: "requests" });
      },
    });
    return { result: await resultOf(request, { span, settings, lastTurn, runs }), candidates };
  } catch (error) {
    candidates?.close();
    throw error;
  } finally {
    await items.close();
  }
}

function settingsOf(
  { prices, options }: CurveRequest,
  span: ItemSpan,
  items: ReplaySettings["items"],
): ReplaySettings {
  const { from, to } = span;
  return {
    items,
    total: span.items,
    ttlS: from === null ? Number.POSITIVE_INFINITY : (options.ttlS ?? Number.POSITIVE_INFINITY),
    capacity: options.capacity,
    eviction: options.eviction,
    hasGuard: options.hasGuard,
    prices,
    isTruthKnown: span.known_truths > 0,
    end: to === null ? null : to / 1e6,
    days: from === null || to === null ? 0 : (to - from) / 86_400e6,
  };
}

async function resultOf(
  { staged, embedder, prices, source, options }: CurveRequest,
  found: { span: ItemSpan; settings: ReplaySettings; lastTurn: LastTurnCache; runs: readonly ReplayedRun[] },
): Promise<CacheReplayResult> {
  const { span, settings, lastTurn, runs } = found;
  const { id, sha256, dim } = embedder;
  const { recall } = runs[0]!;
  return {
    schema_version: 1,
    source: {
      kind: source.kind,
      path: source.path,
      from: span.from === null ? null : new Date(span.from / 1000).toISOString(),
      to: span.to === null ? null : new Date(span.to / 1000).toISOString(),
      days: span.from === null ? null : settings.days,
    },
    requests: span.items,
    sessions: span.sessions,
    segments: span.segments,
    scopes: span.scopes,
    left_out: [...source.leftOut]
      .map(([reason, requests]) => ({ reason, requests }))
      .filter(({ requests }) => requests > 0)
      .sort((a, b) => b.requests - a.requests),
    never_cached: await staged.neverCached(),
    exact_tier_only: source.exactTierOnly,
    embedder: { id, sha256, dim },
    settings: {
      ttl_s: Number.isFinite(settings.ttlS) ? settings.ttlS : null,
      capacity: options.capacity,
      eviction: options.eviction,
      has_guard: settings.hasGuard,
      min_answer_cosine: options.minAnswerCosine,
    },
    nearest_found: recall.searches === 0 ? null : { searches: recall.searches, found: recall.nearestFound },
    prices,
    is_truth_known: settings.isTruthKnown,
    curve: runs.map(({ row }) => row),
    by_segment: segmentRows(runs),
    last_turn_key: lastTurn.result(settings.isTruthKnown),
    notes: source.notes,
  };
}

/** Segments that are listed. */
const mostSegments = 100;

function segmentRows(runs: readonly ReplayedRun[]): CacheSegmentRow[] {
  return [...runs[0]!.segments]
    .map(([segment, { requests, uncacheable }]) => ({
      segment,
      requests,
      uncacheable,
      curve: runs.map(({ segments }) => segments.get(segment)!.point),
    }))
    .sort((a, b) => b.requests - a.requests || (a.segment < b.segment ? -1 : 1))
    .slice(0, mostSegments);
}
