import type { CoverageLine } from "../../../datasets/coverage-line.js";
import { percent, printTable, usd } from "../../terminal.js";

/** Print by what evidence each part of a log is known. */
export function printCoverage(lines: readonly CoverageLine[]): void {
  printTable(lines, [
    { title: "evidence", value: ({ evidence }) => evidence },
    { title: "attempts", align: "right", value: ({ requests }) => String(requests) },
    { title: "share", align: "right", value: (line) => percent(line.share_of_requests) },
    {
      title: "usd",
      align: "right",
      value: (line) => (line.evidence === "unknown" && line.requests > 0 ? "unknown" : usd(line.usd)),
    },
    { title: "share of usd", align: "right", value: (line) => percent(line.share_of_usd) },
    { title: "what", value: ({ note }) => note },
  ]);
}
