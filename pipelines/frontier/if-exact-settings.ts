import { type SettingSums, settingSums } from "./setting-sums.js";
import type { SweepRows } from "./sweep-rows.js";

const settings = 8;

/** The best that the router's own estimates allow: each free row takes the model with the least cost - price * sufficiency, at several prices
 * of quality. For its cost no other choice of models keeps more *by these estimates*; it chooses by what it is judged by.
 * @param choice scratch space, one place a row
 * @see Boyd and Vandenberghe 2004, sec. 5.1, for the relaxation, which is exact at these points */
export function ifExactSettings(
  sweep: SweepRows,
  choice: Uint8Array,
): Array<{ label: string; sums: SettingSums }> {
  const { replay, rows, isFree } = sweep;
  const { models, usd, sufficiency } = replay;
  return pricesOf(sweep).map((price) => {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (isFree[i] !== 1) {
        choice[i] = replay.chosen[row]!;
        continue;
      }
      let best = models.length - 1;
      let least = Number.POSITIVE_INFINITY;
      for (let m = models.length - 1; m >= 0; m--) {
        const at = m * replay.rows + row;
        const value = usd[at]! - price * sufficiency[at]!;
        if (value < least) {
          least = value;
          best = m;
        }
      }
      choice[i] = best;
    }
    return {
      label: `If estimates were exact, quality at ${price.toPrecision(3)} USD a request`,
      sums: settingSums(sweep, choice),
    };
  });
}

/** Prices of quality at which rows change from the cheapest to the strong model: evenly spaced quantiles of a sample. */
function pricesOf({ replay, rows, isFree }: SweepRows): number[] {
  const strong = replay.models.length - 1;
  if (strong < 1) return [];
  const stride = Math.max(1, Math.floor(rows.length / 50_000));
  const found: number[] = [];
  for (let i = 0; i < rows.length; i += stride) {
    const row = rows[i]!;
    const price =
      (replay.usd[strong * replay.rows + row]! - replay.usd[row]!) / (1 - replay.sufficiency[row]!);
    if (isFree[i] === 1 && price > 0 && price < Number.POSITIVE_INFINITY) found.push(price);
  }
  if (found.length === 0) return [];
  const sorted = Float64Array.from(found).sort();
  const picked = Array.from(
    { length: settings },
    (_, k) => sorted[Math.floor(((k + 0.5) * sorted.length) / settings)]!,
  );
  return [...new Set(picked)];
}
