import { tmpdir } from "node:os";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { createTableSql, type RowOf } from "../../datasets/table.js";
import { type TracedItem, tracedItems } from "./traced-item.js";

/** Requests at rest, which several replays can read, each in the order of time. */
export interface StagedItems {
  add(items: readonly TracedItem[]): Promise<void>;
  /** How much there is; final once all are added. */
  span(): Promise<ItemSpan>;
  /** Items that must not be cached, by reason. */
  neverCached(): Promise<Array<{ reason: string; requests: number }>>;
  /** All items in the order of time; items without a time follow the one that they were read after. `at` is in seconds since
   * 1970, or the place in the stream when no item has a time. */
  read(): AsyncIterable<TracedItem[]>;
  close(): void;
}

/** What is staged. */
export interface ItemSpan {
  items: number;
  sessions: number;
  scopes: number;
  segments: number;
  /** Items whose right answer is known. */
  known_truths: number;
  /** Microseconds since 1970, UTC; null when no item has a time. */
  from: number | null;
  to: number | null;
}

/** Keep items in an engine of their own, which spills to disk: memory stays bounded for a stream of any length.
 * @param folder where it spills */
export async function stageItems(folder: string = tmpdir()): Promise<StagedItems> {
  const engine = await openDuckDb({ temporaryFolder: folder, memoryLimit: "1GB" });
  await engine.run(createTableSql(tracedItems));
  let place = 0;
  let lastTime: number | null = null;
  return {
    async add(items) {
      const rows = items.map((item) => {
        lastTime = item.createdAt ?? lastTime;
        return toRow(item, place++, lastTime);
      });
      await engine.append(tracedItems.name, tracedItems, rows);
    },
    span: () => spanOf(engine),
    neverCached: () => engine.rows(readSql("pipelines/cache/never-cached.sql")),
    async *read() {
      let read = 0;
      const { from } = await spanOf(engine);
      for await (const rows of engine.chunks<StagedRow>(readSql("pipelines/cache/staged-items.sql"))) {
        yield rows.map((row) => fromRow(row, read++, from));
      }
    },
    close: () => engine.close(),
  };
}

type StagedRow = RowOf<typeof tracedItems>;

async function spanOf(engine: Engine): Promise<ItemSpan> {
  const [span] = await engine.rows<ItemSpan>(readSql("pipelines/cache/staged-span.sql"));
  return span!;
}

function toRow(item: TracedItem, place: number, lastTime: number | null): StagedRow {
  return {
    place,
    id: item.id,
    text: item.text,
    scope: item.scope,
    exact_key: item.exactKey,
    last_turn_key: item.lastTurnKey,
    segment: item.segment,
    session: item.session,
    tenant: item.tenant,
    created_at: lastTime,
    answer_group: item.answerGroup,
    truth: item.truth,
    never_cache: item.neverCache,
    cost_usd: item.costUsd,
    embed_tokens: item.embedTokens,
  };
}

function fromRow(row: StagedRow, place: number, firstTime: number | null): TracedItem {
  const createdAt = row.created_at ?? firstTime;
  return {
    id: row.id,
    text: row.text,
    scope: row.scope,
    exactKey: row.exact_key,
    lastTurnKey: row.last_turn_key,
    segment: row.segment,
    session: row.session,
    tenant: row.tenant,
    createdAt,
    at: createdAt === null ? place : createdAt / 1e6,
    answerGroup: row.answer_group,
    truth: row.truth,
    neverCache: row.never_cache,
    costUsd: row.cost_usd,
    embedTokens: row.embed_tokens,
  };
}
