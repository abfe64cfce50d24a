import type { CacheCurveRow, CacheReplayResult } from "../../datasets/cache-result.js";
import { cacheNetChart } from "../charts/cache-net.js";
import type { Block, Table } from "../content.js";
import {
  formatCount,
  formatCountOf,
  formatNumber,
  formatShare,
  formatUsd,
  unknown,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { estimateCell, methodNotes } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** A row of the curve by its threshold. */
export function thresholdName({ min_cosine: cosine }: CacheCurveRow): string {
  return cosine === null ? "exact only" : `cosine ${formatNumber(cosine, 2)}`;
}

/** Hits, and what is known of the wrong ones. */
export function curveTable({ curve, is_truth_known: isKnown }: CacheReplayResult): Table {
  return tableBlock({
    caption: "The cache at each threshold",
    rows: curve,
    columns: [
      { title: "Threshold", cell: thresholdName },
      { title: "Exact hits", isNumber: true, cell: (row) => formatCount(row.exact_hits) },
      { title: "Semantic hits", isNumber: true, cell: (row) => formatCount(row.semantic_hits) },
      { title: "Hit rate", isNumber: true, cell: (row) => estimateCell(row.hit_rate, formatShare) },
      ...(isKnown
        ? [
            {
              title: "USR",
              isNumber: true,
              cell: (row: CacheCurveRow) => estimateCell(row.usr, formatShare),
            },
            {
              title: "FHR",
              isNumber: true,
              cell: (row: CacheCurveRow) => estimateCell(row.fhr, formatShare),
            },
          ]
        : [
            {
              title: "Same words as logged",
              isNumber: true,
              cell: (row: CacheCurveRow) =>
                row.answered_hits === 0
                  ? unknown
                  : `${formatCount(row.same_answer_hits)} of ${formatCount(row.answered_hits)}`,
            },
          ]),
    ],
    notes: methodNotes([...curve.map((row) => row.hit_rate), ...curve.flatMap((row) => [row.usr, row.fhr])]),
  });
}

/** What the cache saves and what it costs, drawn and in numbers. */
export function netBlocks({ curve }: CacheReplayResult): Block[] {
  const table = tableBlock({
    caption: "What the cache saves and costs",
    rows: curve,
    columns: [
      { title: "Threshold", cell: thresholdName },
      { title: "Billed cost saved", isNumber: true, cell: savedCell },
      { title: "Embedding", isNumber: true, cell: (row) => formatUsd(row.embedding_usd) },
      { title: "Index", isNumber: true, cell: (row) => formatUsd(row.operations_usd) },
      { title: "Storage", isNumber: true, cell: (row) => formatUsd(row.storage_usd) },
      { title: "Net", isNumber: true, cell: (row) => estimateCell(row.net_usd, formatUsd) },
      { title: "Breaks even at", isNumber: true, cell: (row) => formatShare(row.break_even_hit_rate) },
    ],
    notes: methodNotes(curve.map((row) => row.net_usd)),
  });
  return chartBlocks(
    {
      id: "chart-cache-net",
      title: "Net saving by threshold",
      description:
        "Billed cost of the hits less embedding, index operations and storage, by the least cosine; wrong answers cost nothing in it.",
      spec: cacheNetChart(curve),
    },
    { ...table, isFolded: false },
    "No request has a known cost, so there is no saving to draw.",
  );
}

function savedCell({ saved_usd, hits_of_unknown_cost, exact_hits, semantic_hits }: CacheCurveRow) {
  if (hits_of_unknown_cost === 0) return formatUsd(saved_usd);
  const text =
    hits_of_unknown_cost === exact_hits + semantic_hits ? unknown : `at least ${formatUsd(saved_usd)}`;
  return { text, detail: `${formatCountOf(hits_of_unknown_cost, "hit")} of unknown cost` };
}

/** What was not replayed, and what is never cached. */
export function reasonTables({ left_out, never_cached }: CacheReplayResult): Block[] {
  return [
    { caption: "Requests that were not replayed, by reason", rows: left_out },
    { caption: "Requests that are never cached, by reason", rows: never_cached },
  ]
    .filter(({ rows }) => rows.length > 0)
    .map(({ caption, rows }) =>
      tableBlock({
        caption,
        rows,
        columns: [
          { title: "Reason", cell: (row) => visibleText(row.reason) },
          { title: "Requests", isNumber: true, cell: (row) => formatCount(row.requests) },
        ],
      }),
    );
}

/** Hit rates by segment; none for a single segment. */
export function segmentTables({ by_segment: rows, curve }: CacheReplayResult): Block[] {
  if (rows.length < 2) return [];
  const table = tableBlock({
    caption: "Hit rate by segment",
    rows,
    columns: [
      { title: "Segment", cell: (row) => visibleText(row.segment) },
      { title: "Requests", isNumber: true, cell: (row) => formatCount(row.requests) },
      ...curve.map((point, i) => ({
        title: thresholdName(point),
        isNumber: true,
        cell: (row: (typeof rows)[number]) => formatShare(row.curve[i]!.hits / row.requests),
      })),
    ],
    isFolded: true,
  });
  return [table];
}
