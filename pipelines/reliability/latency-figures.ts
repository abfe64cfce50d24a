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

/** Time to the last token, time to the first one and output speed of the given rows, each with the lengths that it depends on. */
export function latencyFigures(
  { rows: count, latency, ttft, inputTokens, outputTokens }: ReplayData,
  rows: Int32Array,
): Record<"total" | "ttft" | "speed", LatencyFigure> {
  const unknown = () => new Float64Array(count).fill(Number.NaN);
  const [total, first, speed] = [unknown(), unknown(), unknown()];
  const [byOutput, byInput] = [new Uint8Array(count), new Uint8Array(count)];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    byOutput[row] = lengthClass(outputTokens[row]!);
    byInput[row] = promptClass(inputTokens[row]!);
    const [ms, firstMs] = [latency[row]!, ttft[row]!];
    if (ms >= 0 && Number.isFinite(ms)) total[row] = ms;
    if (firstMs >= 0 && Number.isFinite(firstMs)) first[row] = firstMs;
    if (outputTokens[row]! > 1 && ms > firstMs && Number.isFinite(ms)) {
      speed[row] = (1000 * (outputTokens[row]! - 1)) / (ms - firstMs);
    }
  }
  return {
    total: { values: total, cellOf: byOutput },
    ttft: { values: first, cellOf: byInput },
    speed: { values: speed, cellOf: byOutput },
  };
}

/** Classes of a figure's lengths: as many for prompts as for answers. */
export const figureClasses = lengthClasses.length;

function promptClass(tokens: number): number {
  let place = promptClasses.length - 1;
  while (place > 0 && tokens < promptClasses[place]!) place -= 1;
  return place;
}
