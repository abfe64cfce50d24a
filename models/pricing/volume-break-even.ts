import { type CostCurve, overlay } from "./cost-curve.js";
import type { Exact } from "./exact.js";
import { formatExact } from "./format-exact.js";

/** Where two plans cost the same, by calls a month. */
export interface VolumeBreakEven {
  /** Each number of calls at which the cheaper plan changes, ascending. */
  crossings: Array<{ calls_per_month: Exact; cheaper_above: "first" | "second" }>;
  /** Which is cheaper below the first crossing; null when they cost the same everywhere. */
  cheaper_at_first: "first" | "second" | null;
  /** Both costs are in proportion to the calls, so that volume can't change which is cheaper. */
  is_proportional: boolean;
  /** Number of calls beyond which one of them serves no more; null when neither has a cap. */
  limit_calls_per_month: Exact | null;
}

/** Solve two cost curves for the numbers of calls at which the cheaper one changes: exactly, steps included. */
export function volumeBreakEven(first: CostCurve, second: CostCurve): VolumeBreakEven {
  const stretches = overlay(first, second);
  const crossings: VolumeBreakEven["crossings"] = [];
  let start: number | null = null;
  let sign = 0;
  const turn = (at: Exact, next: number): void => {
    if (next === 0 || next === sign) return;
    if (sign === 0) start ??= next;
    else crossings.push({ calls_per_month: at, cheaper_above: next < 0 ? "first" : "second" });
    sign = next;
  };
  for (const [one, other, from, to] of stretches) {
    const base = one.base.minus(other.base);
    const slope = one.perCall.minus(other.perCall);
    const atStart = base.plus(slope.times(from)).compare(0);
    turn(from, atStart !== 0 ? atStart : slope.compare(0));
    if (slope.equals(0)) continue;
    const root = base.times(-1).over(slope);
    if (root.compare(from) > 0 && (to === null || root.compare(to) < 0)) turn(root, slope.compare(0));
  }
  return {
    crossings,
    cheaper_at_first: start === null ? null : start < 0 ? "first" : "second",
    is_proportional: [first, second].every(
      ([piece, ...rest]) => rest.length === 0 && piece!.to === null && piece!.base.equals(0),
    ),
    limit_calls_per_month: stretches.at(-1)![3],
  };
}

/** A volume break-even in one sentence, numbers of calls rounded up. */
export function sayVolumeBreakEven(found: VolumeBreakEven, first: string, second: string): string {
  const name = (which: "first" | "second") => (which === "first" ? first : second);
  const calls = (value: Exact) => `${formatExact(value.ceil())} calls a month`;
  const limit =
    found.limit_calls_per_month === null ? "" : `; compared up to ${calls(found.limit_calls_per_month)}`;
  if (found.cheaper_at_first === null) return `${first} and ${second} cost the same at any volume${limit}`;
  const cheaper = name(found.cheaper_at_first);
  if (found.crossings.length === 0)
    return found.is_proportional
      ? `${cheaper} is cheaper at any volume: both grow in proportion to the calls, so volume can't flip it`
      : `${cheaper} is cheaper at any volume${limit}`;
  const turns = found.crossings
    .slice(0, saidCrossings)
    .map(({ calls_per_month: at, cheaper_above: above }) => `from ${calls(at)} on ${name(above)}`);
  const more = found.crossings.length > saidCrossings ? ", and so on" : "";
  return `${cheaper} is cheaper at first, ${turns.join(", ")}${more}${limit}`;
}

const saidCrossings = 3;
