import type { SensitivityEnd, SensitivityLine } from "../../datasets/sensitivity-result.js";

/** Put the ends of an assumption in order of the figure.
 * @param unknown why an end is missing, when one is */
export function endsOf(
  ends: ReadonlyArray<SensitivityEnd | null>,
  unknown: string,
): Pick<SensitivityLine, "low" | "high" | "unknown"> {
  const known = ends
    .filter((end) => end !== null)
    .filter(({ figure }) => !Number.isNaN(figure.value))
    .sort((a, b) => a.figure.value - b.figure.value);
  if (known.length < 2) return { low: null, high: null, unknown };
  return { low: known[0]!, high: known.at(-1)!, unknown: null };
}
