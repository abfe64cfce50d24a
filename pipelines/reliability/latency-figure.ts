import { lengthClassesOf, outputClasses, promptClasses } from "../../models/latency/length-classes.js";
import type { ReplayData } from "../replay/replay-data.js";

/** A figure of answered requests. */
export interface LatencyFigure {
  /** By row; NaN = unknown. */
  values: Float64Array;
  /** Class of lengths within which requests are compared, by row. */
  cellOf: Uint8Array;
  /** How many classes there are. */
  classes: number;
  /** Tokens that the figure grows with, by row, -1 = unknown; null for a speed. */
  lengths: Int32Array | null;
}

/** Time to the last token, time to the first one, output tokens per second after the first one. */
export type FigureName = "total" | "ttft" | "speed";

/** A figure of the given rows, with the lengths that it depends on: those of answers, or of prompts for the first token. */
export function latencyFigure(replay: ReplayData, rows: Int32Array, name: FigureName): LatencyFigure {
  const values = new Float64Array(replay.rows).fill(Number.NaN);
  const isFirst = name === "ttft";
  const [classes, lengths] = isFirst
    ? [promptClasses, replay.inputTokens]
    : [outputClasses, replay.outputTokens];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const value = name === "speed" ? speedOf(replay, row) : (isFirst ? replay.ttft : replay.latency)[row]!;
    if (value >= 0 && value < Number.POSITIVE_INFINITY) values[row] = value;
  }
  return {
    values,
    cellOf: lengthClassesOf(classes, lengths),
    classes: classes.length,
    lengths: name === "speed" ? null : lengths,
  };
}

function speedOf({ latency, ttft, outputTokens }: ReplayData, row: number): number {
  const streamed = latency[row]! - ttft[row]!;
  return outputTokens[row]! > 1 && streamed > 0 ? (1000 * (outputTokens[row]! - 1)) / streamed : Number.NaN;
}
