import type { Forecast } from "./policy.js";

/** How much each request needs the strong model: its expected quality minus the weak model's. Higher = send to the strong one. */
export function needScores(
  forecast: Forecast,
  { weak, strong }: { weak: number; strong: number },
): Float64Array {
  return forecast[strong]!.map((quality, row) => quality - forecast[weak]![row]!);
}
