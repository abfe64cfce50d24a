import { note, type Paragraph } from "../content.js";
import { formatShare } from "../format-numbers.js";

/** How much of the log a figure speaks of, in one line; the table is in the section on counterfactual honesty. */
export function coverageNote(
  lines: ReadonlyArray<{ evidence: "replayed" | "measured" | "unknown"; requests: number; usd: number }>,
): Paragraph {
  const attempts = lines.reduce((sum, line) => sum + line.requests, 0);
  const usd = lines.reduce((sum, line) => sum + line.usd, 0);
  const words = { replayed: "Replayed", measured: "Left as billed", unknown: "Without a known price" };
  const shares = lines
    .filter(({ requests }) => requests > 0)
    .map((line) => {
      const share = `${formatShare(line.requests / attempts)} of calls`;
      const money = usd > 0 ? ` and ${formatShare(line.usd / usd)} of known cost` : "";
      return `${words[line.evidence]}: ${share}${line.evidence === "unknown" ? "" : money}.`;
    });
  return note([...shares, "Counterfactual honesty has the table."].join(" "));
}
