import type { OpenEstimate } from "../../datasets/open-estimate.js";
import { type Estimate, Evidence } from "../../datasets/results.js";
import type { Badge, Cell, Tone } from "../content.js";
import { formatCount, formatInterval, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";

/** A table cell of an estimate: the value, and its 95 % interval under it. */
export function estimateCell(
  estimate: OpenEstimate | null,
  format: (value: number) => string,
  absent = unknown,
): Cell {
  if (estimate === null) return absent;
  const interval = estimate.low === estimate.high ? null : formatInterval(estimate, format);
  return interval === null ? format(estimate.value) : { text: format(estimate.value), detail: interval };
}

/** Small print of an estimate: its interval, how sure it is, and n.
 * @param evidence word for how sure it is; default what its method says */
export function estimateDetails(
  estimate: Estimate,
  format: (value: number) => string,
  evidence: string | null = evidenceOf(estimate),
): string[] {
  const interval = formatInterval(estimate, format);
  return [
    interval === null ? "no interval" : `95 % interval ${interval}`,
    `${evidence === null ? "" : `${evidence}, `}n\u00a0=\u00a0${formatCount(estimate.n)}`,
  ];
}

/** Small print that explains each distinct method among the estimates of a table. */
export function methodNotes(estimates: ReadonlyArray<OpenEstimate | null>): string[] {
  const samples = new Map<string, Set<number>>();
  for (const estimate of estimates) {
    if (estimate === null) continue;
    const known = samples.get(estimate.method) ?? new Set();
    samples.set(estimate.method, known.add(estimate.n));
  }
  return [...samples].map(([method, sizes]) => `${sentence(method)} (n = ${rangeOf([...sizes])}).`);
}

/** A method as a sentence without its full stop. */
export function sentence(method: string): string {
  const text = visibleText(method, 400);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How sure an estimate is: the word that its method begins with; null when it begins with none. */
export function evidenceOf(estimate: Estimate): Evidence | null {
  return Object.values(Evidence).find((evidence) => estimate.method.startsWith(evidence)) ?? null;
}

/** The word for how sure a figure is, as a badge. */
export function evidenceBadge(evidence: Evidence | null): Badge {
  return evidence === null
    ? { text: "see method", tone: "neutral" }
    : { text: evidence, tone: evidenceTones[evidence] ?? "neutral" };
}

const evidenceTones: Readonly<Record<Evidence, Tone>> = {
  measured: "good",
  matched: "neutral",
  modelled: "neutral",
  unknown: "caution",
};

function rangeOf(sizes: number[]): string {
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  return low === high ? formatCount(low) : `${formatCount(low)} to ${formatCount(high)}`;
}
