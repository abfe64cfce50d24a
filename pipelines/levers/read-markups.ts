import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { GatewayTerms } from "../../datasets/gateway-terms.js";
import { addsToList, type GatewayBill, layOutBill } from "./gateway-bill.js";

/** Read what gateways add to each attempt's bill, and to its cost on other models as the replay has it.
 * @param engine with the view billed_requests
 * @param terms those that the replay was priced with
 * @returns null when no gateway adds anything that was shown */
export async function readMarkups(
  engine: Engine,
  { rows, models }: { rows: number; models: readonly string[] },
  terms: readonly GatewayTerms[],
): Promise<GatewayBill | null> {
  const adding = terms.filter(addsToList);
  if (adding.length === 0) return null;
  const groups = new Int32Array(rows).fill(-1);
  const sql = readSql("pipelines/levers/gateway-rows.sql");
  for (const [group, { gateway, provider, model }] of adding.entries()) {
    const found = await engine.rows<{ row: number }>(sql, { gateway, provider, model });
    for (const { row } of found) groups[row] = group;
  }
  return layOutBill(adding, models.length, groups);
}
