import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { Vendor } from "../../datasets/invoices/bill-row.js";
import { createTableSql, defineTable } from "../../datasets/table.js";
import type { CellTokens } from "./cell-tokens.js";
import { vendorOfRequest } from "./vendor-of-request.js";

/** The log's side of one model on one day. */
export interface LogCell {
  day: string;
  model: string;
  usd: number;
  listUsd: number;
  reportedUsd: number;
  requests: number;
  cacheHits: number;
  assumedRequests: number;
  unpricedRequests: number;
  withoutList: number;
  tokens: CellTokens;
  unpricedTokens: CellTokens;
}

/** Gather the log of each vendor by day of its bill's calendar and model, from an engine's `billed_requests`.
 * @param offsets minutes ahead of UTC of every billed vendor's calendar */
export async function gatherLog(
  engine: Engine,
  offsets: ReadonlyMap<Vendor, number>,
  basis: "billed" | "list" | "reported",
): Promise<{ cells: Map<Vendor, LogCell[]>; window: { firstAt: number; lastAt: number } | null }> {
  const [window] = await engine.rows<{ first_at: number | null; last_at: number | null }>(
    readSql("pipelines/reconcile/log-window.sql"),
  );
  const groups = await engine.rows<{ provider: string | null; gateway: string | null; model: string }>(
    readSql("pipelines/reconcile/request-groups.sql"),
  );
  await engine.run(`DROP TABLE IF EXISTS ${billVendors.name}`);
  await engine.run(createTableSql(billVendors));
  const owned = groups.flatMap((group) => {
    const owner = vendorOfRequest(group);
    const offset = owner && offsets.get(owner.vendor);
    return owner === null || offset === undefined
      ? []
      : [{ ...group, vendor: owner.vendor, is_assumed: owner.isAssumed, offset_minutes: offset }];
  });
  await engine.append(billVendors.name, billVendors, owned as Array<Record<string, unknown>>);
  const rows = await engine.rows<LogRow>(readSql("pipelines/reconcile/log-cells.sql"), { basis });
  const cells = new Map<Vendor, LogCell[]>([...offsets.keys()].map((vendor) => [vendor, []]));
  for (const row of rows) cells.get(row.vendor)!.push(toCell(row));
  const { first_at: firstAt, last_at: lastAt } = window!;
  return { cells, window: firstAt === null || lastAt === null ? null : { firstAt, lastAt } };
}

const billVendors = defineTable({
  name: "bill_vendors",
  grain: "one row per provider, gateway and model of the log",
  columns: {
    provider: { type: "VARCHAR", about: "As in requests" },
    gateway: { type: "VARCHAR", about: "As in requests" },
    model: { type: "VARCHAR", required: true, about: "As in requests" },
    vendor: { type: "VARCHAR", required: true, about: "Whose bill it is on" },
    is_assumed: { type: "BOOLEAN", required: true, about: "The log names no provider" },
    offset_minutes: {
      type: "INTEGER",
      required: true,
      unit: "minutes",
      about: "Of the bill's calendar ahead of UTC",
    },
  },
});

type LogRow = { vendor: Vendor; day: string; model: string } & Record<
  | "requests"
  | "cache_hits"
  | "assumed_requests"
  | "unpriced_requests"
  | "without_list"
  | "usd"
  | "list_usd"
  | "reported_usd"
  | keyof CellTokens
  | `unpriced_${keyof CellTokens}`,
  number
>;

function toCell(row: LogRow): LogCell {
  return {
    day: row.day,
    model: row.model,
    usd: row.usd,
    listUsd: row.list_usd,
    reportedUsd: row.reported_usd,
    requests: row.requests,
    cacheHits: row.cache_hits,
    assumedRequests: row.assumed_requests,
    unpricedRequests: row.unpriced_requests,
    withoutList: row.without_list,
    tokens: {
      input_uncached: row.input_uncached,
      input_cache_read: row.input_cache_read,
      input_cache_write_5m: row.input_cache_write_5m,
      input_cache_write_1h: row.input_cache_write_1h,
      input_total: row.input_total,
      output_total: row.output_total,
    },
    unpricedTokens: {
      input_uncached: row.unpriced_input_uncached,
      input_cache_read: row.unpriced_input_cache_read,
      input_cache_write_5m: row.unpriced_input_cache_write_5m,
      input_cache_write_1h: row.unpriced_input_cache_write_1h,
      input_total: row.unpriced_input_total,
      output_total: row.unpriced_output_total,
    },
  };
}
