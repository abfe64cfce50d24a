import type { Policy } from "@signalbox/runtime";
import type { PlantedWorld } from "../../../datasets/synthetic/planted-world.js";

/** The policy of a planted world's router, as far as counterfactuals read it. */
export function plantedPolicy({ models, threshold }: PlantedWorld): Policy {
  const strong = models.at(-1)!.model;
  return {
    strong_model: strong,
    default_model: strong,
    models: models.map(({ model, inputUsd, cacheReadUsd, outputUsd }) => ({
      model,
      provider: "openai",
      input_usd_per_mtok: inputUsd,
      output_usd_per_mtok: outputUsd,
      cache_read_usd_per_mtok: cacheReadUsd,
      mean_cost_usd: null,
      context_window: null,
      supports_tools: null,
      supports_vision: null,
      supports_json: null,
    })),
    excluded: [],
    retention_target: 0.9,
    confidence: 0.95,
    thresholds: Object.fromEntries(
      models
        .slice(0, -1)
        .map(({ model }) => [
          model,
          { min_sufficiency: threshold, retention_low: null, n: 0, note: "planted" },
        ]),
    ),
    in_distribution: null,
    dense_range: { low: [], high: [] },
    stakes_threshold: 0.5,
    shadow: { rate: 0, salt: "planted" },
    enabled: true,
  };
}
