import type { PublishedClaim } from "../../datasets/published-claims.js";
import type { Block } from "../content.js";
import { formatMilliseconds, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { tableBlock } from "./table-block.js";

/** Others' published figures for such strategies, each marked as a claim; nothing without any. */
export function claimsTable(claims: readonly PublishedClaim[] = []): Block[] {
  if (claims.length === 0) return [];
  return [
    tableBlock({
      caption: "What others claim for such strategies",
      rows: claims,
      columns: [
        {
          title: "Strategy",
          cell: ({ label }) => ({
            text: visibleText(label),
            badge: { text: "published claim", tone: "caution" },
          }),
        },
        {
          title: "Per 1M tokens",
          isNumber: true,
          cell: (row) => (row.usd_per_mtok === null ? unknown : formatUsd(row.usd_per_mtok)),
        },
        { title: "Saving", isNumber: true, cell: ({ saving }) => formatRange(saving) },
        { title: "Quality kept", isNumber: true, cell: ({ retention }) => formatRange(retention) },
        {
          title: "Median latency",
          isNumber: true,
          cell: (row) => (row.p50_s === null ? unknown : formatMilliseconds(1000 * row.p50_s)),
        },
        {
          title: "Overhead",
          isNumber: true,
          cell: (row) => (row.overhead_ms === null ? unknown : formatMilliseconds(row.overhead_ms)),
        },
      ],
      notes: [
        "These figures are about other people's traffic, without intervals and without data. They enter no computation here.",
        ...[...new Set(claims.map(({ source }) => `Source: ${visibleText(source, 300)}.`))],
      ],
    }),
  ];
}

function formatRange(range: [number, number] | null): string {
  if (range === null) return unknown;
  const [low, high] = range;
  return low === high ? formatShare(low) : `${formatShare(low)} to ${formatShare(high)}`;
}
