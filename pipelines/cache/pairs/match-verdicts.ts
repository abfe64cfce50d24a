import type { CachePairRow } from "../../../datasets/cache-pairs.js";
import { readSql } from "../../../datasets/engine/sql-file.js";
import { createTableSql, defineTable } from "../../../datasets/table.js";
import { openTables, type Workspace } from "../../../datasets/workspace.js";
import { groupBy } from "../../trust/group-by.js";
import { openPairGroups } from "./open-pair-groups.js";
import { pairId } from "./pair-id.js";
import { type GivenVerdict, refuseRow, type UnusedRows } from "./read-pair-verdicts.js";

/** A row of a file with the pair that it belongs to: see pairs-of-import.sql. */
interface MatchedPair {
  place: number;
  is_replayed: boolean;
  stand_in: string | null;
  segment: string | null;
  created_at: number | null;
  similarity: number | null;
  features_json: string | null;
  chance: number | null;
}

/** Join verdicts with the replay's pairs. Equal questions to one entry are one pair, whichever of the requests a row names. A rater who says
 * the same of a pair twice counts once; one who contradicts himself does not count at all. */
export async function matchVerdicts(
  workspace: Workspace,
  { verdicts, unused: unread }: { verdicts: readonly GivenVerdict[]; unused: UnusedRows },
): Promise<{ rows: CachePairRow[]; unused: UnusedRows }> {
  const unused = unread.map((entry) => ({ ...entry, lines: [...entry.lines] }));
  const matches = await findPairs(workspace, verdicts);
  const known = verdicts.flatMap((given, place) => {
    const match = matches[place]!;
    if (match.stand_in !== null) return [{ given, match, requestId: match.stand_in }];
    const reason = match.is_replayed
      ? "the replay offered this request another entry, or none that it could be served from"
      : "no request of this request_id was replayed";
    refuseRow(unused, reason, given.line);
    return [];
  });
  const groups = groupBy(known, ({ given, requestId }) =>
    JSON.stringify([requestId, given.entry_id, given.rater]),
  );
  const rows = [...groups].flatMap(([, all]) => {
    const [{ given, match, requestId }, ...others] = all as [(typeof all)[number], ...typeof all];
    if (others.some((other) => other.given.verdict !== given.verdict)) {
      for (const { given: row } of all)
        refuseRow(unused, "the same rater gave this pair two verdicts", row.line);
      return [];
    }
    for (const { given: row } of others) refuseRow(unused, "repeats an earlier row on this pair", row.line);
    return [toRow(workspace, given, { match, requestId })];
  });
  return { rows, unused };
}

function toRow(
  workspace: Workspace,
  { entry_id, verdict, rater, inclusion }: GivenVerdict,
  { match, requestId }: { match: MatchedPair; requestId: string },
): CachePairRow {
  return {
    pair_id: pairId(workspace, requestId, entry_id),
    request_id: requestId,
    entry_id,
    segment: match.segment!,
    created_at: match.created_at,
    similarity: match.similarity!,
    features_json: match.features_json,
    inclusion_probability: inclusion ?? match.chance!,
    verdict,
    judge: rater === null ? "import" : `human:${rater}`,
    is_simulated: false,
    cost_usd: null,
    error: null,
  };
}

async function findPairs(workspace: Workspace, verdicts: readonly GivenVerdict[]): Promise<MatchedPair[]> {
  const engine = await openTables(workspace);
  try {
    await openPairGroups(engine, { floor: null, needsText: false });
    await engine.run(createTableSql(importedRows).replace("CREATE TABLE", "CREATE TEMP TABLE"));
    await engine.append(
      importedRows.name,
      importedRows,
      verdicts.map(({ request_id, entry_id }, place) => ({ place, request_id, entry_id })),
    );
    return await engine.rows<MatchedPair>(readSql("pipelines/cache/pairs/pairs-of-import.sql"));
  } finally {
    engine.close();
  }
}

const importedRows = defineTable({
  name: "imported_rows",
  grain: "one row per verdict of a file",
  columns: {
    place: { type: "BIGINT", required: true, about: "Place in the file" },
    request_id: { type: "VARCHAR", required: true, about: "Request that asked" },
    entry_id: { type: "VARCHAR", required: true, about: "Entry that was offered" },
  },
});
