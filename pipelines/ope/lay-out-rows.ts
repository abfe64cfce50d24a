import type { OpeRows } from "../../models/ope/ope-rows.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import { countReasons } from "./count-reasons.js";
import type { ExploredDecision } from "./read-explored-decisions.js";
import type { Rewards } from "./read-rewards.js";
import type { TargetPolicy } from "./read-target.js";

/** Joined rows, as estimators take them. */
export interface LaidOutRows {
  models: string[];
  rows: OpeRows;
  /** USD per row; NaN = unknown. */
  costs: Float64Array;
  /** (rows, width): what the router knew, standardised, 0 where it is missing. */
  features: Float64Array;
  width: number;
  excluded: Array<{ reason: string; records: number }>;
}

/** Join decisions with rewards and the target by request id; what has no partner is counted. */
export function layOutRows(
  decisions: readonly ExploredDecision[],
  rewards: Rewards,
  target: TargetPolicy,
): LaidOutRows {
  const excluded = countReasons();
  const joined = decisions.flatMap((decision) => {
    const reward = rewards.of(decision.requestId, decision.model);
    const chances = target.of(decision.requestId);
    if (reward === null) excluded.add("no reward for the model that answered");
    else if (chances === null) excluded.add("no choice of the target");
    else return [{ decision, reward, chances }];
    return [];
  });
  const models = [
    ...new Set(joined.flatMap(({ decision, chances }) => [decision.model, ...Object.keys(chances)])),
  ].sort();
  const numberOf = new Map(models.map((model, at) => [model, at]));
  return {
    models,
    rows: {
      action: Int32Array.from(joined, ({ decision }) => numberOf.get(decision.model)!),
      propensity: Float64Array.from(joined, ({ decision }) => decision.propensity),
      reward: Float64Array.from(joined, ({ reward }) => reward.reward),
      target: models.map((model) => Float64Array.from(joined, ({ chances }) => chances[model] ?? 0)),
      clusters: numberClusters(joined.map(({ decision }) => decision.unit)),
    },
    costs: Float64Array.from(
      joined,
      ({ decision, reward }) => reward.costUsd ?? decision.costUsd ?? Number.NaN,
    ),
    ...standardFacts(joined.map(({ decision }) => decision.facts)),
    excluded: excluded.list(),
  };
}

function standardFacts(facts: ReadonlyArray<Readonly<Record<string, number>>>): {
  features: Float64Array;
  width: number;
} {
  const names = [...new Set(facts.flatMap((row) => Object.keys(row)))].sort();
  const features = new Float64Array(facts.length * names.length);
  names.forEach((name, column) => {
    const known = facts.flatMap((row) => row[name] ?? []);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const spread = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
    facts.forEach((row, at) => {
      const value = row[name];
      if (value !== undefined && spread > 0) features[at * names.length + column] = (value - mean) / spread;
    });
  });
  return { features, width: names.length };
}
