import type { Estimate } from "../../datasets/results.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";

/** A share with its exact 95 % interval, requests held to be independent: for wrong hits, which are few.
 * @param what numerator and denominator, in words
 * @returns null where there is nothing to divide by */
export function exactShare(part: number, whole: number, what: string): Estimate | null {
  if (whole === 0) return null;
  const { value, low, high } = clopperPearson(part, whole);
  const method = `measured: ${what}, where the truth is known; exact (Clopper-Pearson) 95 % interval, requests held to be independent`;
  return { value, low, high, method, n: whole };
}
