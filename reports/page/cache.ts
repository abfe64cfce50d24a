import type { CacheCurveRow, CacheReplayResult } from "../../datasets/cache-result.js";
import { cacheSharesChart } from "../charts/cache-shares.js";
import { type Block, type Figure, type Notice, note, type Section } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { calibrationBlocks } from "./cache-calibration.js";
import { curveTable, netBlocks, reasonTables, segmentTables, thresholdName } from "./cache-tables.js";
import { chartBlocks } from "./chart-blocks.js";
import { estimateDetails } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";

/** What a cache in front of the traffic would have served and saved, and what is known of its wrong answers. */
export function cacheSection({
  cache_replay: replay,
  cache_calibration: calibration,
}: ReportDocuments): Section {
  return {
    id: "cache",
    title: "Semantic cache",
    blocks: replay
      ? [...blocksOf(replay), ...calibrationBlocks(calibration)]
      : [
          missingStage(
            "The traffic has not been replayed through a cache yet.",
            "signalbox cache replay --workspace DIR",
          ),
        ],
  };
}

function blocksOf(replay: CacheReplayResult): Block[] {
  const [exact] = replay.curve;
  return [
    intro(replay),
    truthNotice(replay),
    ...(replay.last_turn_key.refused_hits > 0 ? [lastTurnNotice(replay)] : []),
    { kind: "figures", items: exact ? figures(replay, exact) : [] },
    ...chartBlocks(
      {
        id: "chart-cache-shares",
        title: "Hits by threshold",
        description: `Share of ${formatCount(replay.requests)} requests that a cache would have served, by the least cosine of its semantic tier.`,
        spec: cacheSharesChart(replay.curve),
      },
      { ...curveTable(replay), isFolded: false },
      "Only the exact tier was replayed, so there is no curve to draw.",
    ),
    ...netBlocks(replay),
    ...reasonTables(replay),
    ...segmentTables(replay),
    ...[...replay.prices.notes, ...replay.notes].map((text) => note(visibleText(text, 400))),
  ];
}

function intro({ requests, scopes, embedder, settings, nearest_found: found }: CacheReplayResult): Block {
  const life =
    settings.ttl_s === null ? "entries don't age" : `an entry lives ${formatCount(settings.ttl_s)} s`;
  const search =
    found === null
      ? ""
      : ` A search found the nearest entry ${formatCount(found.found)} times in ${formatCount(found.searches)}.`;
  return {
    kind: "paragraph",
    text: `${formatCountOf(requests, "request")} were replayed in the order of time. An answer is shared only inside one of ${formatCountOf(scopes, "scope")}: the same tenant, app, model, system prompt, tools, parameters and conversation before the last user turn. Prompts are compared by ${visibleText(embedder.id)}; ${life}; at most ${formatCount(settings.capacity)} entries (${visibleText(settings.eviction)}).${search}`,
  };
}

function truthNotice({ is_truth_known: isKnown }: CacheReplayResult): Notice {
  return isKnown
    ? {
        kind: "notice",
        tone: "neutral",
        title: "Two shares of wrong hits",
        text: "USR counts wrong hits over all requests, FHR over the hits. They are never comparable with each other.",
      }
    : {
        kind: "notice",
        tone: "caution",
        title: "Wrong hits are unknown",
        text: [
          "The log doesn't say which answers were right, so these hit rates say nothing about safety. To find out, have pairs judged: ",
          { code: "signalbox cache pairs" },
        ],
      };
}

function lastTurnNotice({ last_turn_key: key }: CacheReplayResult): Notice {
  const wrong =
    key.refused_wrong === null
      ? "Whether they are right is unknown."
      : `${formatCount(key.refused_wrong)} of the ${formatCount(key.refused_known)} with a known truth are wrong.`;
  return {
    kind: "notice",
    tone: "caution",
    title: "Don't key a cache by the last user turn alone",
    text: `Such a key would hit ${formatCountOf(key.hits, "time")}, ${formatCount(key.refused_hits)} of them only because it ignores the conversation before, the system prompt or the model. ${wrong}`,
  };
}

function figures(
  { curve, requests, never_cached, exact_tier_only }: CacheReplayResult,
  exact: CacheCurveRow,
): Figure[] {
  const best = bestNet(curve);
  const uncacheable = never_cached.reduce((sum, row) => sum + row.requests, 0);
  return [
    {
      label: "Equal requests",
      value: formatShare(exact.hit_rate.value),
      details: [
        `${formatCount(exact.exact_hits)} hits of the exact tier`,
        ...estimateDetails(exact.hit_rate, formatShare),
      ],
    },
    {
      label: "Never cached",
      value: formatShare(uncacheable / requests),
      details: [formatCountOf(uncacheable, "request")],
    },
    ...(exact_tier_only > 0
      ? [
          {
            label: "Without text",
            value: formatCount(exact_tier_only),
            details: ["only the exact tier sees them"],
          },
        ]
      : []),
    {
      label: "Largest net saving",
      value: formatUsd(best?.net_usd?.value),
      details: best?.net_usd
        ? [
            `at ${thresholdName(best)}, whatever the wrong answers are`,
            ...estimateDetails(best.net_usd, formatUsd),
          ]
        : ["no request has a known cost"],
    },
  ];
}

function bestNet(curve: readonly CacheCurveRow[]): CacheCurveRow | null {
  return curve
    .filter((row) => row.net_usd !== null)
    .reduce<CacheCurveRow | null>(
      (best, row) => (best === null || row.net_usd!.value > best.net_usd!.value ? row : best),
      null,
    );
}
