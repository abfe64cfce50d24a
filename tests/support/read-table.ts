import { openTables, type Workspace } from "../../datasets/workspace.js";

/** The rows that a query finds in a workspace's tables. */
export async function readTable<Row extends object>(workspace: Workspace, sql: string): Promise<Row[]> {
  const engine = await openTables(workspace);
  return engine.rows<Row>(sql).finally(() => engine.close());
}
