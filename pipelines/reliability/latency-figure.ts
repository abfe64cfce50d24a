import type { ReplayData } from "../replay/replay-data.js";
import { lengthClass, lengthClasses } from "./sum-layout.js";

/** Input tokens from which a class of prompts begins: time to the first token grows with them. */
const promptClasses = [0, 256, 1024, 4096, 16384] as const;

/** A figure of answered requests. */
export interface LatencyFigure {
  /** By row; NaN = unknown. */
  values: Float64Array;
  /** Class of lengths within which requests are compared, by row. */
  cellOf: Uint8Array;
}

/** Time to the last token, time to the first one, output tokens per second after the first one. */
export type FigureName = "total" | "ttft" | "speed";

/** A figure of the given rows, with the lengths that it depends on: those of answers, or of prompts for the first token. */
export function latencyFigure(replay: ReplayData, rows: Int32Array, name: FigureName): LatencyFigure {
  const values = new Float64Array(replay.rows).fill(Number.NaN);
  const cellOf = new Uint8Array(replay.rows);
  const isFirst = name === "ttft";
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    cellOf[row] = isFirst ? promptClass(replay.inputTokens[row]!) : lengthClass(replay.outputTokens[row]!);
    const value = name === "speed" ? speedOf(replay, row) : (isFirst ? replay.ttft : replay.latency)[row]!;
    if (value >= 0 && value < Number.POSITIVE_INFINITY) values[row] = value;
  }
  return { values, cellOf };
}

function speedOf({ latency, ttft, outputTokens }: ReplayData, row: number): number {
  const streamed = latency[row]! - ttft[row]!;
  return outputTokens[row]! > 1 && streamed > 0 ? (1000 * (outputTokens[row]! - 1)) / streamed : Number.NaN;
}

/** Classes of a figure's lengths: as many for prompts as for answers. */
export const figureClasses = lengthClasses.length;

function promptClass(tokens: number): number {
  let place = promptClasses.length - 1;
  while (place > 0 && tokens < promptClasses[place]!) place -= 1;
  return place;
}
