import type { CoverageLine } from "../../datasets/coverage-line.js";
import type { Table } from "../content.js";
import { formatCount, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { evidenceBadge } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** How much of the log a saving speaks of, by how the cost of each call is known. */
export function coverageTable(lines: readonly CoverageLine[]): Table {
  return tableBlock({
    caption: "What the saving speaks of: method by call",
    rows: lines,
    columns: [
      { title: "Calls that are", cell: (line) => visibleText(line.note, 160) },
      { title: "Evidence", cell: (line) => ({ text: "", badge: evidenceBadge(line.evidence) }) },
      { title: "Calls", isNumber: true, cell: (line) => formatCount(line.requests) },
      { title: "Share of calls", isNumber: true, cell: (line) => formatShare(line.share_of_requests) },
      {
        title: "Billed",
        isNumber: true,
        cell: (line) => (line.evidence === "unknown" && line.requests > 0 ? unknown : formatUsd(line.usd)),
      },
      { title: "Share of the bill", isNumber: true, cell: (line) => formatShare(line.share_of_usd) },
    ],
  });
}
