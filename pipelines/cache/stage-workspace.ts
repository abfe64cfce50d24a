import { readSql } from "../../datasets/engine/sql-file.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import type { StagedItems } from "./stage-items.js";
import { readWorkspaceItems, type WorkspaceCounts, type WorkspaceItemOptions } from "./workspace-items.js";

/** Stage all of a workspace's requests that a cache could have been asked. */
export async function stageWorkspace(
  workspace: Workspace,
  staged: StagedItems,
  options: Omit<WorkspaceItemOptions, "onItems">,
): Promise<WorkspaceCounts> {
  const engine = await openTables(workspace);
  try {
    await engine.run(readSql("pipelines/sql/billed-requests.sql"));
    return await readWorkspaceItems(engine, { ...options, onItems: (items) => staged.add(items) });
  } finally {
    engine.close();
  }
}
