import type { SimulateResult } from "../../datasets/results.js";
import { leftReasons } from "./left-reasons.js";
import type { ReplayColumns } from "./replay-columns.js";

type Traffic = NonNullable<SimulateResult["traffic"]>;

/** What can be said about the attempts of a log: every one is in exactly one line.
 * @returns the lines, replayed attempts first, and the shares of them by kind */
export function logCoverage({
  left,
  billed,
}: ReplayColumns): Required<Pick<Traffic, "coverage" | "covered">> {
  const requests = leftReasons.map(() => 0);
  const usd = leftReasons.map(() => 0);
  for (let row = 0; row < left.length; row++) {
    requests[left[row]!]! += 1;
    if (!Number.isNaN(billed[row]!)) usd[left[row]!]! += billed[row]!;
  }
  const lines = leftReasons.map(({ evidence, note }, code) => ({
    kind: evidence,
    evidence: evidence === "replayed" ? ("modelled" as const) : evidence,
    requests: requests[code]!,
    usd: usd[code]!,
    note: note ?? "decided by the router and re-priced from logged tokens",
  }));
  const all = sumOf(lines);
  const covered = (kind: keyof Required<Traffic>["covered"]) => {
    const part = sumOf(lines.filter((line) => line.kind === kind));
    return {
      requests: all.requests > 0 ? part.requests / all.requests : 0,
      usd: all.usd > 0 ? part.usd / all.usd : 0,
    };
  };
  const [replayed, ...rest] = lines.map(({ kind: _kind, ...line }) => line);
  return {
    coverage: [
      replayed!,
      ...rest.filter((line) => line.requests > 0).sort((a, b) => (a.note < b.note ? -1 : 1)),
    ],
    covered: {
      replayed: covered("replayed"),
      measured: covered("measured"),
      unknown: covered("unknown"),
    },
  };
}

function sumOf(lines: ReadonlyArray<{ requests: number; usd: number }>): { requests: number; usd: number } {
  return {
    requests: lines.reduce((sum, line) => sum + line.requests, 0),
    usd: lines.reduce((sum, line) => sum + line.usd, 0),
  };
}
