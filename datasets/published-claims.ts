/** A figure that others published about their own traffic. It is printed beside a user's own numbers, marked as a claim, and enters no
 * computation. */
export interface PublishedClaim {
  /** The strategy of ours that it is about. */
  strategy: string;
  /** As published. */
  label: string;
  usd_per_mtok: number | null;
  /** Share of the quality that is said to be kept, or the range of it. */
  retention: [low: number, high: number] | null;
  /** Share of the cost that is said to be saved. */
  saving: [low: number, high: number] | null;
  /** Median time of an answer, seconds. */
  p50_s: number | null;
  /** Time that the router adds, milliseconds. */
  overhead_ms: number | null;
  source: string;
}

const prices = "a published multi-model routing guide: cost per 1M tokens, quality retained, median latency";
const savings = "a published comparison of routing approaches: cost cut, change of accuracy, overhead";

/** Published claims about the strategies of a simulation, each as stated; no source says how it was measured or how sure it is. */
export const publishedClaims: readonly PublishedClaim[] = [
  priced("always_strong", "always GPT-4o", 5, 1, 1.2),
  priced("rules", "hand rules", 1.2, 0.94, 0.9),
  priced("router", "ML classifier + threshold", 0.85, 0.96, 1.1),
  priced("bandit", "RL policy", 0.7, 0.97, 1.3),
  priced("ensemble", "ensemble", 0.6, 0.98, 1.5),
  compared("best_single", "static", [0, 0], [1, 1], 5),
  compared("length", "length, tags", [0.15, 0.25], [0.98, 0.995], 10),
  compared("router", "ML classifier", [0.3, 0.5], [0.99, 0.998], 50),
  compared("bandit", "online RL", [0.4, 0.6], [0.995, 0.999], 100),
];

function priced(
  strategy: string,
  label: string,
  usdPerMtok: number,
  retention: number,
  seconds: number,
): PublishedClaim {
  return {
    strategy,
    label,
    usd_per_mtok: usdPerMtok,
    retention: [retention, retention],
    saving: null,
    p50_s: seconds,
    overhead_ms: null,
    source: prices,
  };
}

function compared(
  strategy: string,
  label: string,
  saving: [number, number],
  retention: [number, number],
  overheadMs: number,
): PublishedClaim {
  return {
    strategy,
    label,
    usd_per_mtok: null,
    retention,
    saving,
    p50_s: null,
    overhead_ms: overheadMs,
    source: savings,
  };
}
