import {
  chooseModel,
  compilePolicy,
  featurise,
  type Head,
  type Policy,
  Reason,
  type RouteRequest,
  readRequest,
} from "@signalbox/runtime";
import type { DistributionReport } from "../../datasets/model-evidence.js";
import { clusteredShare } from "../../models/statistics/clustered-share.js";
import { plantedStrangers } from "./planted-strangers.js";
import type { TrainingItem } from "./read-training-items.js";

/** How often the out-of-distribution rules flag held-out requests, by a score that did not see them, and planted strange ones.
 * @param flags of the items, null where the score saw the item
 * @param groups sessions of the items
 * @returns undefined when no item is held out */
export function distributionReport({
  items,
  flags,
  groups,
  policy,
  heads,
  seed,
}: {
  items: readonly TrainingItem[];
  flags: ReadonlyArray<boolean | null>;
  groups: Int32Array;
  policy: Policy;
  heads: readonly Head[];
  seed: number;
}): DistributionReport | undefined {
  const known = [...flags.keys()].filter((row) => flags[row] !== null);
  const falseAlarms = clusteredShare(
    known.map((row) => Number(flags[row])),
    known.map((row) => groups[row]!),
    "measured on held-out requests",
  );
  if (falseAlarms === null) return undefined;
  const isFlagged = strangerDetector(policy, heads);
  const texts = items.map(({ request }) => readRequest(request).userText).filter((text) => text !== "");
  return {
    false_alarms: falseAlarms,
    planted: plantedStrangers(texts, seed).map(({ set, about, prompts }) => ({
      set,
      about,
      flagged: clusteredShare(
        prompts.map((prompt) => Number(isFlagged({ prompt }))),
        [...prompts.keys()],
        "measured on planted requests",
      )!,
    })),
  };
}

/** Whether the finished policy calls a request out of distribution, whatever the model would say. */
export function strangerDetector(policy: Policy, heads: readonly Head[]): (request: RouteRequest) => boolean {
  const compiled = compilePolicy(policy, heads);
  const noStakes = new Float64Array(heads.length);
  return (request) => {
    const features = featurise(request);
    const input = { read: readRequest(request), features, probabilities: noStakes };
    return chooseModel(compiled, input).reasons[0]!.startsWith(Reason.outOfDistribution);
  };
}
