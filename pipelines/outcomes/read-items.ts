import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import { type OutcomeItemRow, type OutcomeRow, outcomeItems, outcomes } from "../../datasets/outcomes.js";
import type { Progress } from "../../datasets/progress.js";
import { Disposition, type QuarantineRow, quarantine, Reason } from "../../datasets/quarantine.js";
import type { ReadRecord } from "../../datasets/reader/read-record.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import { createTableSql } from "../../datasets/table.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import type { ContentRules } from "../ingest/content-rules.js";
import { importedParquet, importedTables, readImports } from "./import-marker.js";
import { priceOutcome } from "./price-outcome.js";
import { type OutcomeItem, readOutcomeItem } from "./read-outcome-item.js";

/** How many records became what. */
interface ItemCounts {
  read: number;
  items: number;
  quarantined: number;
  duplicates: number;
  outcomes: number;
}

interface ReadOptions {
  path: string;
  rules: ContentRules;
  now: Date;
  onProgress: Progress;
}

/** Read a file of outcomes into the engine's tables outcomes, outcome_items and quarantine. */
export async function readItems(
  workspace: Workspace,
  engine: Engine,
  options: ReadOptions,
): Promise<ItemCounts> {
  const { path, rules, now, onProgress } = options;
  for (const { table } of importedTables) await engine.run(createTableSql(table));
  const origins = await originsOfIds(workspace);
  const counts: ItemCounts = { read: 0, items: 0, quarantined: 0, duplicates: 0, outcomes: 0 };
  for await (const records of readRecords(path)) {
    const batch = {
      items: [] as OutcomeItemRow[],
      outcomes: [] as OutcomeRow[],
      rejected: [] as QuarantineRow[],
    };
    for (const record of records) {
      const item = "value" in record ? withCleanNames(readOutcomeItem(record.value), rules) : null;
      const rejection = rejectionOf(record, item, origins);
      if (rejection) {
        batch.rejected.push(rejectedRow(path, record, rejection, rules));
        continue;
      }
      const accepted = item as OutcomeItem;
      origins.set(accepted.id, `line ${record.line} of this file`);
      batch.items.push(itemRow(accepted, rules));
      batch.outcomes.push(...outcomeRows(accepted, now));
    }
    await engine.append(outcomeItems.name, outcomeItems, batch.items);
    await engine.append(outcomes.name, outcomes, batch.outcomes);
    await engine.append(quarantine.name, quarantine, batch.rejected);
    counts.read += records.length;
    counts.items += batch.items.length;
    counts.outcomes += batch.outcomes.length;
    counts.duplicates += batch.rejected.filter(
      ({ disposition }) => disposition === Disposition.duplicate,
    ).length;
    counts.quarantined += batch.rejected.filter(
      ({ disposition }) => disposition === Disposition.quarantined,
    ).length;
    onProgress({ label: `reading ${basename(path)}`, done: counts.read, total: null, unit: "records" });
  }
  if (counts.read !== counts.items + counts.quarantined + counts.duplicates) {
    throw new Error(`${path}: records were lost: ${JSON.stringify(counts)}`);
  }
  return counts;
}

/** Where each stored item id came from. */
async function originsOfIds(workspace: Workspace): Promise<Map<string, string>> {
  const origins = new Map<string, string>();
  const engine = await openTables(workspace);
  try {
    for await (const rows of engine.chunks<{ item_id: string }>("SELECT item_id FROM outcome_items")) {
      for (const { item_id: id } of rows) origins.set(id, "another stage");
    }
    for (const marker of readImports(workspace)) {
      const items = importedParquet(workspace, marker.sha256)[1]!;
      if (!existsSync(items)) continue;
      for await (const rows of engine.chunks<{ item_id: string }>(
        "SELECT item_id FROM read_parquet($items)",
        { items },
      )) {
        for (const { item_id: id } of rows) origins.set(id, marker.path);
      }
    }
  } finally {
    engine.close();
  }
  return origins;
}

/** The names of an item under the content mode; two files with the same ids still find each other. */
function withCleanNames(
  item: OutcomeItem | { error: string },
  rules: ContentRules,
): OutcomeItem | { error: string } {
  if ("error" in item) return item;
  const { id, group, session } = item;
  return { ...item, id: rules.id(id), group: rules.label(group), session: rules.label(session) };
}

interface Rejection {
  disposition: Disposition;
  reason: Reason;
  detail: string;
}

function rejectionOf(
  record: ReadRecord,
  item: OutcomeItem | { error: string } | null,
  origins: ReadonlyMap<string, string>,
): Rejection | null {
  if (item === null) {
    const { reason, detail } = record.problem ?? {
      reason: Reason.empty_record,
      detail: "nothing could be read",
    };
    return { disposition: Disposition.quarantined, reason, detail };
  }
  if ("error" in item)
    return { disposition: Disposition.quarantined, reason: Reason.bad_value, detail: item.error };
  const origin = origins.get(item.id);
  if (origin === undefined) return null;
  const detail = `id ${item.id} was given before by ${origin}; ids are unique in a workspace: give it a prefix`;
  return { disposition: Disposition.duplicate, reason: Reason.duplicate_id, detail };
}

function rejectedRow(
  path: string,
  record: ReadRecord,
  rejection: Rejection,
  rules: ContentRules,
): QuarantineRow {
  return {
    source_file: path,
    source_line: record.line,
    source: "outcomes",
    ...rejection,
    detail: rules.detail(rejection.detail),
    raw: rules.raw(record.raw),
  };
}

function itemRow(
  { id, request, group, session, createdAt }: OutcomeItem,
  rules: ContentRules,
): OutcomeItemRow {
  return {
    item_id: id,
    messages_json: JSON.stringify(request, (_, value: unknown) =>
      typeof value === "string" ? rules.text(value) : value,
    ),
    group,
    session_id: session,
    created_at: createdAt,
    weight: 1,
    tier: null,
    is_stakes: null,
  };
}

function outcomeRows({ id, request, createdAt, outcomes: given }: OutcomeItem, now: Date): OutcomeRow[] {
  return given.map((outcome) => {
    const { costUsd, costSource } = priceOutcome(outcome, request, createdAt ?? now.getTime() * 1000);
    return {
      item_id: id,
      model: outcome.model,
      quality: outcome.quality,
      cost_usd: costUsd,
      cost_source: costSource,
      output_tokens: outcome.outputTokens,
      latency_ms: outcome.latencyMs,
      origin: "imported",
    };
  });
}
