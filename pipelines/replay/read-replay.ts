import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { sharedBytes, sharedDoubles, sharedInts } from "../../datasets/shared-arrays.js";
import type { ReplayData } from "./replay-data.js";

/** Read the tables `replay` and `replay_models` into columns, about 150 bytes an attempt and 16 more per model.
 * @param engine opened by `openTables`
 * @param models names of the policy's models, in the order of the tables */
export async function readReplay(engine: Engine, models: readonly string[]): Promise<ReplayData> {
  const [{ count } = { count: 0 }] = await engine.rows<{ count: number }>(
    "SELECT count(*) AS count FROM replay",
  );
  const replay = emptyReplay(count, models);
  const lists = {
    app: await textsOf(engine, "app"),
    tenant: await textsOf(engine, "tenant"),
    endpoint: await textsOf(engine, "endpoint"),
    error_class: await textsOf(engine, "error_class"),
    finish_reason: await textsOf(engine, "finish_reason"),
  };
  const targets: ReadonlyArray<[column: string, target: Int32Array | Float64Array | Uint8Array]> = [
    ["session", replay.session],
    ["logical", replay.logical],
    ["attempt_no", replay.attemptNo],
    ["created_at", replay.createdAt],
    ["is_replayed", replay.isReplayed],
    ["is_unknown", replay.isUnknown],
    ["served", replay.served],
    ["chosen", replay.chosen],
    ["tier", replay.tier],
    ["stakes", replay.stakes],
    ["confidence", replay.confidence],
    ["is_success", replay.isSuccess],
    ["is_stream", replay.isStream],
    ["is_batch", replay.isBatch],
    ["has_tools", replay.hasTools],
    ["input_tokens", replay.inputTokens],
    ["cache_read_tokens", replay.cacheReadTokens],
    ["cache_write_tokens", replay.cacheWriteTokens],
    ["output_tokens", replay.outputTokens],
    ["user_chars", replay.userChars],
    ["billed_usd", replay.billed],
    ["latency_ms", replay.latency],
    ["ttft_ms", replay.ttft],
    ["prompt", replay.prompt],
    ["user_number", replay.user],
  ];
  const texts: ReadonlyArray<[column: keyof typeof lists, target: Int32Array, places: Map<unknown, number>]> =
    [
      ["app", replay.app, placesOf(lists.app)],
      ["tenant", replay.tenant, placesOf(lists.tenant)],
      ["endpoint", replay.endpoint, placesOf(lists.endpoint)],
      ["error_class", replay.errorClass, placesOf(lists.error_class)],
      ["finish_reason", replay.finishReason, placesOf(lists.finish_reason)],
    ];
  for await (const chunk of engine.columns(readSql("pipelines/replay/replay-numbers.sql"))) {
    const rows = chunk.row as readonly number[];
    for (const [column, target] of targets) fill(target, rows, chunk[column]!);
    for (const [column, target, places] of texts) {
      const values = chunk[column]!;
      for (let i = 0; i < rows.length; i++) target[rows[i]!] = places.get(values[i]) ?? -1;
    }
  }
  await readModels(engine, replay);
  return {
    ...replay,
    sessions: replay.session.reduce((most, session) => Math.max(most, session + 1), 0),
    apps: lists.app,
    tenants: lists.tenant,
    endpoints: lists.endpoint,
    errorClasses: lists.error_class,
    finishReasons: lists.finish_reason,
  };
}

async function readModels(engine: Engine, { rows, usd, sufficiency }: ReplayData): Promise<void> {
  const sql = "SELECT model, row, usd, sufficiency FROM replay_models";
  for await (const chunk of engine.columns(sql)) {
    const [model, row] = [chunk.model as number[], chunk.row as number[]];
    const [cost, enough] = [chunk.usd as number[], chunk.sufficiency as Array<number | null>];
    for (let i = 0; i < row.length; i++) {
      const at = model[i]! * rows + row[i]!;
      usd[at] = cost[i]!;
      sufficiency[at] = enough[i] ?? Number.NaN;
    }
  }
}

/** A replay of so many attempts, of which nothing is known yet, in memory that worker threads share. */
export function emptyReplay(rows: number, models: readonly string[]): ReplayData {
  const ints = () => sharedInts(rows).fill(-1);
  const flags = () => sharedBytes(rows);
  const doubles = (length = rows) => sharedDoubles(length).fill(Number.NaN);
  return {
    rows,
    models,
    session: ints(),
    sessions: 0,
    logical: ints(),
    attemptNo: ints(),
    createdAt: doubles(),
    isReplayed: flags(),
    isUnknown: flags(),
    served: ints(),
    chosen: ints(),
    tier: ints(),
    stakes: ints(),
    confidence: doubles(),
    isSuccess: flags(),
    isStream: flags(),
    isBatch: flags(),
    hasTools: flags(),
    inputTokens: ints(),
    cacheReadTokens: ints(),
    cacheWriteTokens: ints(),
    outputTokens: ints(),
    userChars: ints(),
    billed: doubles(),
    latency: doubles(),
    ttft: doubles(),
    prompt: ints(),
    user: ints(),
    app: ints(),
    apps: [],
    tenant: ints(),
    tenants: [],
    endpoint: ints(),
    endpoints: [],
    errorClass: ints(),
    errorClasses: [],
    finishReason: ints(),
    finishReasons: [],
    usd: doubles(rows * models.length),
    sufficiency: doubles(rows * models.length),
  };
}

function fill(
  target: Int32Array | Float64Array | Uint8Array,
  rows: readonly number[],
  values: readonly unknown[],
): void {
  for (let i = 0; i < rows.length; i++) {
    const value = values[i] as number | boolean | null;
    target[rows[i]!] = value === null ? Number.NaN : Number(value);
  }
}

/** The texts of a column, sorted. */
async function textsOf(engine: Engine, column: string): Promise<string[]> {
  const sql = `SELECT DISTINCT ${column} AS text FROM replay WHERE ${column} IS NOT NULL ORDER BY text`;
  return (await engine.rows<{ text: string }>(sql)).map(({ text }) => text);
}

function placesOf(texts: readonly string[]): Map<unknown, number> {
  return new Map(texts.map((text, place) => [text, place]));
}
