import type { CascadePoint, CascadeRow } from "../../datasets/cascade-result.js";

/** Say whether a cascade pays: against a threshold on confidence alone that keeps the same quality.
 * @param recommended the setting that was found; null = none keeps the promise at less than not asking costs */
export function cascadeVerdict(
  { versus_router_usd: versus, break_even_gate_usd: even }: CascadeRow,
  {
    recommended,
    retention,
    askFrom,
  }: { recommended: CascadePoint | null; retention: number; askFrom: number },
): string {
  const price = evenPrice(even);
  if (versus === null) return `Unknown: the gate's price or rates leave the cost open.${price}`;
  const amount =
    versus.high < 0
      ? "costs less"
      : versus.low > 0
        ? "costs more"
        : "may cost more or less, within the doubt,";
  const against = `than a confidence threshold that keeps as much.${price}`;
  if (recommended === null)
    return `No setting keeps ${(100 * retention).toFixed(1)} % of the quality at less than not asking costs. Asked from a confidence of ${askFrom.toFixed(3)} on, it ${amount} ${against}`;
  const verdict = versus.high < 0 ? "It pays" : versus.low > 0 ? "It does not pay" : "Undecided";
  return `${verdict}: it ${amount} ${against}`;
}

function evenPrice(even: number | null): string {
  if (even === null) return "";
  if (even <= 0) return " Even a free gate would not change that.";
  return ` A gate breaks even at $${even.toPrecision(3)} a look.`;
}
