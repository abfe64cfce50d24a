import type { Source } from "./source.js";

/** What the first lines of a file were taken for. */
export interface Detection {
  /** The format of more than half of the lines; null when none is. */
  source: Source | null;
  /** Every source that recognised anything, best first: mean score over all lines, and lines for which it scored highest. */
  scores: Array<{ name: string; score: number; votes: number }>;
  /** For people: what was found, and what to do when nothing was. */
  explanation: string;
}

/** Parsed lines that detection looks at. */
export const detectionLines = 50;

/** A lower score than this is no recognition. */
const minScore = 0.5;

/** Recognise a log format by majority over the first lines of a file. A file that is ambiguous or unknown is never guessed at. */
export function detectSource(sampleValues: readonly unknown[], sources: readonly Source[]): Detection {
  const sample = sampleValues.slice(0, detectionLines);
  const tallies = sources.map((source) => ({ source, name: source.name, total: 0, votes: 0 }));
  for (const value of sample) {
    const scored = tallies.map((tally) => ({ tally, score: tally.source.score(value) }));
    const best = Math.max(0, ...scored.map(({ score }) => score));
    for (const { tally, score } of scored) {
      tally.total += score;
      if (score >= minScore && score === best) tally.votes += 1;
    }
  }
  const ranked = tallies
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.votes - a.votes || b.total - a.total);
  const scores = ranked.map(({ name, total, votes }) => ({ name, score: total / sample.length, votes }));
  const [first, second] = ranked;
  const isClear =
    first !== undefined &&
    2 * first.votes > sample.length &&
    (second === undefined || second.votes < first.votes || second.total < first.total);
  return {
    source: isClear ? first.source : null,
    scores,
    explanation: explain(sample.length, scores, isClear),
  };
}

function explain(lines: number, scores: Detection["scores"], isClear: boolean): string {
  if (lines === 0) return "no parsed line to recognise a format by";
  const top = scores
    .slice(0, 2)
    .map(({ name, score, votes }) => `${name} (${votes} of ${lines} lines, score ${score.toFixed(2)})`);
  if (isClear) return `recognised as ${top.join("; then ")}`;
  if (top.length === 0)
    return `no known format in the first ${lines} lines; name one with --source, or read it with a mapping file (signalbox sources infer FILE)`;
  return `no format in more than half of the first ${lines} lines: ${top.join(" or ")}; name one with --source`;
}
