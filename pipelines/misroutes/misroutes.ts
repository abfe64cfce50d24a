import type { MisroutesResult } from "../../datasets/misroutes-result.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { auditMisroutes, type MisrouteOptions } from "./audit-misroutes.js";
import { readLabelledAttempts } from "./read-labelled-attempts.js";

/** Audit a replayed workspace for calls on the wrong model, with whatever labels it has. */
export async function misroutes(
  { workspace, replay, manifest }: ReplayedWorkspace,
  { goodEnough }: Pick<MisrouteOptions, "goodEnough"> = {},
): Promise<MisroutesResult> {
  return auditMisroutes(replay, {
    labelled: await readLabelledAttempts(workspace, replay.models),
    goodEnough,
    artifactId: manifest.artifact_id,
    isSimulated: manifest.training.is_simulated,
  });
}
