import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { MarkupResult } from "../../datasets/markup-result.js";

/** Read which share of each attempt's bill is a gateway's mark-up: m / (1 + m) of a mark-up m, where its whole interval is above zero.
 * @param engine with the view billed_requests
 * @returns share by row, 0 without a mark-up; null when no gateway has a certain one */
export async function readMarkups(
  engine: Engine,
  rows: number,
  { groups }: MarkupResult,
): Promise<Float64Array | null> {
  const certain = groups.filter(({ markup }) => markup !== null && markup.low > 0);
  if (certain.length === 0) return null;
  const shares = new Float64Array(rows);
  const sql = readSql("pipelines/levers/gateway-rows.sql");
  for (const { gateway, provider, model, markup } of certain) {
    const share = markup!.value / (1 + markup!.value);
    const found = await engine.rows<{ row: number }>(sql, { gateway, provider, model });
    for (const { row } of found) shares[row] = share;
  }
  return shares;
}
