import type { CascadePoint, CascadeRow } from "../../datasets/cascade-result.js";

/** Say whether a cascade pays: against a threshold on confidence alone that keeps the same quality.
 * @param recommended the setting that was found; null = none keeps the promise at less than not asking costs */
export function cascadeVerdict(
  { versus_router_usd: versus, break_even_gate_usd: even }: CascadeRow,
  { recommended, retention }: { recommended: CascadePoint | null; retention: number },
): string {
  const price = evenPrice(even);
  if (versus === null) return `Unknown: the gate's price or rates leave the cost open.${price}`;
  const found =
    recommended === null
      ? ` No setting keeps ${(100 * retention).toFixed(1)} % of the quality at less than not asking costs.`
      : "";
  if (versus.high < 0)
    return `It pays: it costs less than a confidence threshold that keeps as much.${found}${price}`;
  if (versus.low > 0)
    return `It does not pay: a confidence threshold that keeps as much costs less.${found}${price}`;
  return `Undecided: it may cost more or less than a confidence threshold that keeps as much.${found}${price}`;
}

function evenPrice(even: number | null): string {
  if (even === null) return "";
  if (even <= 0) return " Even a free gate would not change that.";
  return ` A gate breaks even at $${even.toPrecision(3)} a look.`;
}
