import type { ConfirmedPoint, FrontierAnswer, FrontierQuery } from "../../datasets/frontier-result.js";
import type { SettingFigures } from "./measure-setting.js";

/** A realisable setting: its place among the points and its figures on all sessions, on the half that chooses, on the half that confirms. */
export interface QueryCandidate {
  point: number;
  label: string;
  /** Whether a command puts it into force, or it is in force. */
  isSettable: boolean;
  all: SettingFigures;
  choose: SettingFigures;
  confirm: SettingFigures;
}

/** What a setting must keep. */
export interface Limits {
  minRetention: number;
  /** Null = no limit. */
  maxP95Ms: number | null;
}

/** Find the cheapest setting that keeps a quality and a latency. The answer by bounds is chosen on one half of the sessions and told
 * with the other half's figures, since the best of many settings looks better than it is on the rows that chose it. */
export function answerQuery(candidates: readonly QueryCandidate[], limits: Limits): FrontierQuery {
  const onChoosingHalf: Basis = { figuresOf: (each) => each.choose, isBound: true };
  const settable = candidates.filter(({ isSettable }) => isSettable);
  return {
    min_retention: limits.minRetention,
    max_p95_ms: limits.maxP95Ms,
    settable: answer(settable, limits, onChoosingHalf),
    by_bounds: answer(candidates, limits, onChoosingHalf),
    by_estimates: answer(candidates, limits, { figuresOf: (each) => each.all, isBound: false }),
  };
}

interface Basis {
  figuresOf: (candidate: QueryCandidate) => SettingFigures;
  isBound: boolean;
}

function answer(candidates: readonly QueryCandidate[], limits: Limits, basis: Basis): FrontierAnswer {
  const tried = candidates
    .filter((candidate) => basis.figuresOf(candidate).usd !== null)
    .map((candidate) => ({ candidate, ...missOf(basis.figuresOf(candidate), limits, basis.isBound) }));
  const costOf = ({ candidate }: (typeof tried)[number]) => basis.figuresOf(candidate).usd!.value;
  const best = least(
    tried.filter(({ short, over }) => short <= 0 && over <= 0),
    costOf,
  );
  const nearest = best ?? least(tried, ({ miss }) => miss);
  const keepsQuality = tried.some(({ short }) => short <= 0);
  const keepsLatency = tried.some(({ over }) => over <= 0);
  const binding =
    best !== null || tried.length === 0
      ? null
      : !keepsQuality && keepsLatency
        ? "retention"
        : keepsQuality && !keepsLatency
          ? "p95"
          : "both";
  return {
    is_feasible: best !== null,
    point: nearest?.candidate.point ?? null,
    confirmed: basis.isBound && nearest ? confirmedOf(nearest.candidate.confirm, limits) : null,
    binding,
    short_of_retention: nearest && knownMiss(nearest.short),
    over_p95_ms: nearest && knownMiss(nearest.over),
    text: textOf(best?.candidate ?? null, nearest?.candidate ?? null, binding),
  };
}

/** By how much figures miss the limits: in quality, in milliseconds, and the larger of both as a share of its limit. An unknown figure
 * misses by more than any known one. */
function missOf(figures: SettingFigures, { minRetention, maxP95Ms }: Limits, isBound: boolean) {
  const { retention, p95 } = figures;
  const kept = retention === null ? Number.NEGATIVE_INFINITY : isBound ? retention.low : retention.value;
  const took = p95 === null ? Number.POSITIVE_INFINITY : isBound ? p95.high : p95.value;
  const short = minRetention - kept;
  const over = maxP95Ms === null ? 0 : took - maxP95Ms;
  const miss = Math.max(short / Math.max(minRetention, 1e-9), maxP95Ms === null ? 0 : over / maxP95Ms, 0);
  return { short, over, miss };
}

/** A miss of a known figure, at least 0; null where the figure is unknown. */
function knownMiss(miss: number): number | null {
  return miss < Number.POSITIVE_INFINITY ? Math.max(0, miss) : null;
}

function confirmedOf(figures: SettingFigures, limits: Limits): ConfirmedPoint {
  const keeps = (isBound: boolean) => {
    const { short, over } = missOf(figures, limits, isBound);
    return short <= 0 && over <= 0;
  };
  const { saving, retention, p95 } = figures;
  return { saving, retention, p95_ms: p95, holds: keeps(false), bounds_hold: keeps(true) };
}

function textOf(
  best: QueryCandidate | null,
  nearest: QueryCandidate | null,
  binding: FrontierAnswer["binding"],
): string {
  if (best !== null) return best.label;
  if (nearest === null) return "No setting has known figures.";
  const why = {
    retention: "no setting keeps the quality",
    p95: "no setting keeps the latency, or latencies are not logged",
    both: "quality and latency can't be kept together",
  }[binding ?? "both"];
  return `Infeasible: ${why}. Nearest: ${nearest.label}`;
}

/** The first with the least amount. */
function least<T>(list: readonly T[], amountOf: (each: T) => number): T | null {
  let found: T | null = null;
  for (const each of list) if (found === null || amountOf(each) < amountOf(found)) found = each;
  return found;
}
