import type { FrontierResult } from "../../datasets/frontier-result.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { type FrontierOptions, frontierOf } from "./frontier.js";

/** {@link frontierOf} for a replayed workspace. */
export function answerFrontier(
  { replay, policy, manifest }: ReplayedWorkspace,
  constraints: Pick<FrontierOptions, "minRetention" | "maxP95Ms"> = {},
): FrontierResult {
  return frontierOf(replay, {
    policy,
    artifactId: manifest.artifact_id,
    isSimulated: manifest.training.is_simulated,
    ...constraints,
  });
}
