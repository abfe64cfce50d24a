import type { RouteRequest } from "@signalbox/runtime";
import { readSql } from "../../datasets/engine/sql-file.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import { trafficRequest } from "../simulate/traffic-request.js";
import { loadGreedyRouter } from "./load-greedy-router.js";
import type { TargetPolicy } from "./read-target.js";

/** The policy of an artifact, without its exploration and its ramp, on the workspace's requests of the given ids. Texts come from ingested requests, else
 * from the items of outcomes. Requests are decided in the order in which production saw them, for a session's earlier turns count.
 * @throws {InputError} when the artifact can't be loaded */
export async function decideAgain(
  workspace: Workspace,
  artifact: string,
  requestIds: ReadonlySet<string>,
): Promise<TargetPolicy> {
  const { router } = await loadGreedyRouter(artifact);
  const choices = new Map<string, Record<string, number>>();
  const decide = (id: string, request: RouteRequest): void => {
    const { model } = router.decide({ ...request, requestId: id });
    choices.set(id, { [canonicalModel(model, null)]: 1 });
  };
  const engine = await openTables(workspace);
  try {
    const logged = engine.chunks<DecidedRow>(readSql("pipelines/ope/requests-to-decide.sql"));
    for await (const rows of logged) {
      for (const row of rows) {
        if (!requestIds.has(row.request_id)) continue;
        const meta = { app: row.app, endpoint: row.endpoint };
        decide(row.request_id, { ...trafficRequest(row), meta });
      }
    }
    const items = engine.chunks<{ item_id: string; messages_json: string }>(
      "SELECT item_id, messages_json FROM outcome_items ORDER BY created_at NULLS LAST, item_id",
    );
    for await (const rows of items) {
      for (const { item_id, messages_json } of rows) {
        if (!requestIds.has(item_id) || choices.has(item_id)) continue;
        decide(item_id, JSON.parse(messages_json) as RouteRequest);
      }
    }
  } finally {
    engine.close();
  }
  return { of: (requestId) => choices.get(requestId) ?? null, unused: [] };
}

type DecidedRow = Parameters<typeof trafficRequest>[0] & {
  request_id: string;
  app: string | null;
  endpoint: string | null;
};
