import type { ModelChange } from "../../datasets/drift-result.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { groupBy } from "../trust/group-by.js";

/** A row of served-models.sql. */
interface ServedModel {
  requested: string;
  served: string;
  model: string;
  before: number;
  since: number;
}

/** Models that are served since and were not before, or the other way round, and names that other versions answer to.
 * @param policyModels canonical names of the models of the policy */
export async function modelChanges(
  engine: Engine,
  policyModels: ReadonlySet<string>,
): Promise<ModelChange[]> {
  const rows = await engine.rows<ServedModel>(readSql("pipelines/drift/served-models.sql"));
  const sum = (some: readonly ServedModel[], side: "before" | "since") =>
    some.reduce((total, row) => total + row[side], 0);
  const changes: ModelChange[] = [];
  for (const [model, own] of groupBy(rows, (row) => row.model)) {
    const [before, since] = [sum(own, "before"), sum(own, "since")];
    if ((before === 0) === (since === 0)) continue;
    changes.push({
      change: before === 0 ? "new" : "gone",
      ...versionsOf(own),
      model,
      requests_before: before,
      requests_since: since,
      is_in_policy: policyModels.has(model),
    });
  }
  for (const [requested, own] of groupBy(rows, (row) => row.requested)) {
    const { served_before, served_since } = versionsOf(own);
    const isMoved =
      served_before.length > 0 && served_since.some((version) => !served_before.includes(version));
    if (!isMoved) continue;
    changes.push({
      change: "alias_moved",
      model: requested,
      served_before,
      served_since,
      requests_before: sum(own, "before"),
      requests_since: sum(own, "since"),
      is_in_policy: own.some(({ model }) => policyModels.has(model)),
    });
  }
  return changes;
}

function versionsOf(rows: readonly ServedModel[]): Pick<ModelChange, "served_before" | "served_since"> {
  const names = (side: "before" | "since") => [
    ...new Set(rows.filter((row) => row[side] > 0).map(({ served }) => served)),
  ];
  return { served_before: names("before"), served_since: names("since") };
}
