import type { MisrouteCoverage } from "../../datasets/misroutes-result.js";
import type { Table } from "../content.js";
import { formatCount, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { evidenceBadge } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** What a question to the replay covers: every attempt of the log in one line. */
export function attemptCoverageTable(coverage: readonly MisrouteCoverage[]): Table {
  const attempts = coverage.reduce((sum, line) => sum + line.requests, 0);
  const usd = coverage.reduce((sum, line) => sum + line.usd, 0);
  return tableBlock({
    caption: "What this covers",
    rows: coverage,
    columns: [
      { title: "Attempts", cell: ({ note }) => visibleText(note, 300) },
      { title: "Number", isNumber: true, cell: (line) => formatCount(line.requests) },
      {
        title: "Share",
        isNumber: true,
        cell: (line) => formatShare(attempts > 0 ? line.requests / attempts : null),
      },
      { title: "Known cost", isNumber: true, cell: (line) => formatUsd(line.usd) },
      { title: "Of cost", isNumber: true, cell: (line) => formatShare(usd > 0 ? line.usd / usd : null) },
      {
        title: "Evidence",
        cell: ({ evidence }) => ({
          text: "",
          badge: evidence === "replayed" ? { text: "replayed", tone: "good" } : evidenceBadge(evidence),
        }),
      },
    ],
    isFolded: true,
  });
}
