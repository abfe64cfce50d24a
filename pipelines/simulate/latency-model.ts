import type { ReplayColumns } from "./replay-columns.js";

/** Output tokens from which a class of lengths begins: time to the last token grows with them. */
const classes = [0, 32, 128, 512, 2048] as const;
/** Answers that a class needs for a mean of its own. */
const leastAnswers = 20;

/** What requests would have taken on each model, from the log's own answers.
 * @returns mean milliseconds of a replayed attempt on a model: among its answers of the same class of lengths, where there are 20, else
 * among all its answers; NaN for a model without logged latencies */
export function latencyModel(
  columns: Pick<ReplayColumns, "models" | "latency" | "outputTokens" | "served">,
  rows: Int32Array,
): (model: number, row: number) => number {
  const width = classes.length + 1;
  const sums = new Float64Array(columns.models * width);
  const counts = new Float64Array(columns.models * width);
  for (const row of rows) {
    const ms = columns.latency[row]!;
    if (!(ms >= 0)) continue;
    for (const place of [classOf(columns.outputTokens[row]!), classes.length]) {
      sums[columns.served[row]! * width + place]! += ms;
      counts[columns.served[row]! * width + place]! += 1;
    }
  }
  const means = sums.map((sum, i) => {
    const all = i - (i % width) + classes.length;
    return counts[i]! >= leastAnswers ? sum / counts[i]! : sums[all]! / counts[all]!;
  });
  return (model, row) => means[model * width + classOf(columns.outputTokens[row]!)]!;
}

function classOf(tokens: number): number {
  let place = classes.length - 1;
  while (place > 0 && tokens < classes[place]!) place -= 1;
  return place;
}
