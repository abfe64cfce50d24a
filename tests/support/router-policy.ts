import type { Policy, PolicyModel } from "@signalbox/runtime";

const dialThresholds: ReadonlyArray<[number, number | null]> = [
  [0.95, 0.6],
  [0.98, 0.7],
  [0.99, 0.85],
  [0.995, null],
];

/** A policy of three models with a dial, as training writes one. */
export function routerPolicy(changes: Partial<Policy> = {}): Policy {
  const threshold = {
    min_sufficiency: 0.7,
    retention_low: 0.981,
    n: 900,
    note: "certified on 900 held-out rows: retention of at least 0.98 with 0.95 confidence",
  };
  return {
    strong_model: "large",
    default_model: "large",
    models: ["small", "medium", "large"].map(describe),
    excluded: [],
    retention_target: 0.98,
    confidence: 0.95,
    thresholds: { small: threshold, medium: threshold },
    dial: dialThresholds.map(([retention, least]) => ({
      retention,
      min_sufficiency: { small: least, medium: least },
      retention_low: least === null ? null : retention + 0.001,
    })),
    in_distribution: null,
    stakes_threshold: null,
    shadow: { rate: 0.1, salt: "workspace" },
    enabled: true,
    ...changes,
  };
}

function describe(model: string, rank: number): PolicyModel {
  return {
    model,
    provider: null,
    input_usd_per_mtok: 10 ** (rank - 1),
    output_usd_per_mtok: 4 * 10 ** (rank - 1),
    cache_read_usd_per_mtok: null,
    mean_cost_usd: 0.001 * 10 ** rank,
    context_window: null,
    supports_tools: null,
    supports_vision: null,
    supports_json: null,
    regions: null,
  };
}
