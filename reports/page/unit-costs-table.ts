import type { SimulateResult } from "../../datasets/results.js";
import type { Block } from "../content.js";
import { formatMilliseconds, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell, methodNotes } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

type Traffic = NonNullable<SimulateResult["traffic"]>;

/** The same strategies by request, by million tokens and by answered request, with what is measured of them elsewhere; nothing for a
 * document of before version 2. */
export function unitCostsTable({ strategies, unknown = [], covered }: Traffic): Block[] {
  if (!strategies.some((row) => row.usd_per_request)) return [];
  return [
    tableBlock({
      caption: "Strategies by request, by tokens and by answered request",
      rows: strategies,
      columns: [
        { title: "Strategy", cell: (row) => visibleText(row.label) },
        {
          title: "Per request",
          isNumber: true,
          cell: (row) => estimateCell(row.usd_per_request ?? null, formatUsd),
        },
        {
          title: "Per 1M tokens",
          isNumber: true,
          cell: (row) => estimateCell(row.usd_per_mtok ?? null, formatUsd),
        },
        {
          title: "Per answered request",
          isNumber: true,
          cell: (row) => estimateCell(row.usd_per_success ?? null, formatUsd),
        },
        {
          title: "Saving against always-strong",
          isNumber: true,
          cell: (row) =>
            estimateCell(
              row.saving_of_strong ?? null,
              formatShare,
              row.strategy === "always_strong" ? "baseline" : "unknown",
            ),
        },
        {
          title: "Quality kept, measured",
          isNumber: true,
          cell: (row) => estimateCell(row.measured_retention ?? null, formatShare, "not measured"),
        },
        {
          title: "Change of latency",
          isNumber: true,
          cell: (row) => estimateCell(row.latency_change_ms ?? null, formatChange),
        },
      ],
      notes: [
        ...unknown.map(
          ({ label, why }) => `${visibleText(label)}: can't be known here; ${visibleText(why, 300)}.`,
        ),
        ...(covered ? [coverageLine(covered)] : []),
        ...methodNotes(
          strategies.flatMap((row) => [row.measured_retention ?? null, row.latency_change_ms ?? null]),
        ),
      ],
    }),
  ];
}

/** How much of the log a saving on it speaks of. */
export function coverageLine(covered: NonNullable<Traffic["covered"]>): string {
  const of = ({ requests, usd }: { requests: number; usd: number }) =>
    `${formatShare(requests)} of calls and ${formatShare(usd)} of known cost`;
  return `Every saving speaks of what was replayed: ${of(covered.replayed)}. Left as billed: ${of(covered.measured)}. Unknown: ${formatShare(covered.unknown.requests)} of calls.`;
}

/** A change with its sign, which small negative durations have no form for. */
function formatChange(ms: number): string {
  return `${ms < 0 ? "\u2212" : "+"}${formatMilliseconds(Math.abs(ms))}`;
}
