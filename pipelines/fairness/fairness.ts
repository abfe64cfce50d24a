import type { FairnessResult } from "../../datasets/fairness-result.js";
import { readLabelledAttempts } from "../misroutes/read-labelled-attempts.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { type FairnessOptions, measureFairness } from "./measure-fairness.js";

/** Say what the router would do to whom in a replayed workspace, with whatever labels it has. */
export async function fairness(
  { workspace, replay, manifest }: ReplayedWorkspace,
  options: Pick<FairnessOptions, "margin" | "leastSessions"> = {},
): Promise<FairnessResult> {
  return measureFairness(replay, {
    ...options,
    labelled: await readLabelledAttempts(workspace, replay.models),
    artifactId: manifest.artifact_id,
    isSimulated: manifest.training.is_simulated,
  });
}
