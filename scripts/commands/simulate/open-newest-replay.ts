import { openWorkspace } from "../../../datasets/workspace.js";
import { openReplay, type ReplayedWorkspace } from "../../../pipelines/replay/open-replay.js";
import { latestArtifact } from "../latest-artifact.js";

/** Open the replay that a verb of `simulate` asks: of the named artifact, else of the workspace's newest. */
export async function openNewestReplay(options: {
  workspace: string;
  artifact?: string | undefined;
}): Promise<ReplayedWorkspace> {
  const workspace = openWorkspace(options.workspace);
  return openReplay(workspace, options.artifact ?? latestArtifact(workspace));
}
