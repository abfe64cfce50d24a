import type { Estimate } from "@signalbox/runtime";

/** An estimated share with its interval, as a card shows it. */
export function cardShare({ value, low, high }: Estimate): string {
  return `${cardPercent(value)} [${cardPercent(low)}, ${cardPercent(high)}]`;
}

/** A share as a card shows it. */
export function cardPercent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
