import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactManifest, Policy } from "@signalbox/runtime";
import { InputError, StageError } from "../../datasets/errors.js";
import type { ModelResult } from "../../datasets/results.js";
import { openTables, readResult, requireManifest, type Workspace } from "../../datasets/workspace.js";
import { readReplay } from "./read-replay.js";
import type { ReplayData } from "./replay-data.js";

/** What every counterfactual starts from. */
export interface ReplayedWorkspace {
  workspace: Workspace;
  replay: ReplayData;
  policy: Policy;
  manifest: ArtifactManifest;
  /** What training measured of this very artifact; null when it was trained elsewhere. */
  model: ModelResult | null;
}

/** Open the replay that `signalbox simulate` left in a workspace.
 * @param artifact folder of the artifact that it was made with
 * @throws {StageError} when there is none, or it was made with another artifact; {InputError} when the artifact can't be read */
export async function openReplay(workspace: Workspace, artifact: string): Promise<ReplayedWorkspace> {
  const command = `signalbox simulate --workspace ${workspace.path}`;
  const { versions } = requireManifest(workspace, "simulate", command);
  const { policy, manifest } = readArtifactDocuments(artifact);
  if (versions.artifact !== manifest.artifact_id) {
    throw new StageError(
      `${workspace.path}: the log was replayed through artifact ${versions.artifact}, not ${manifest.artifact_id}; replay it again: ${command} --artifact ${artifact}`,
    );
  }
  return loadReplay(workspace, { policy, manifest });
}

/** Read the replay's tables, whether its stage is complete or about to be. */
export async function loadReplay(
  workspace: Workspace,
  { policy, manifest }: Pick<ReplayedWorkspace, "policy" | "manifest">,
): Promise<ReplayedWorkspace> {
  const models = policy.models.map(({ model }) => model);
  const engine = await openTables(workspace, { memoryLimit: "600MB" });
  try {
    return {
      workspace,
      replay: await readReplay(engine, models),
      policy,
      manifest,
      model: modelOf(workspace, manifest),
    };
  } finally {
    engine.close();
  }
}

/** Read policy and manifest of an artifact.
 * @throws {InputError} when the folder is no artifact */
export function readArtifactDocuments(folder: string): { policy: Policy; manifest: ArtifactManifest } {
  const read = (name: string): unknown => {
    try {
      return JSON.parse(readFileSync(join(folder, name), "utf8"));
    } catch (cause) {
      throw new InputError(
        `${join(folder, name)}: can't be read; name the folder that signalbox export wrote`,
        { cause },
      );
    }
  };
  return { policy: read("policy.json") as Policy, manifest: read("manifest.json") as ArtifactManifest };
}

function modelOf(workspace: Workspace, manifest: ArtifactManifest): ModelResult | null {
  const model = readResult<ModelResult>(workspace, "model");
  return model?.artifact_id === manifest.artifact_id ? model : null;
}
