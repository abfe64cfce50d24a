import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { ReplayData } from "./replay-data.js";

/** Read the tables `replay` and `replay_models` into columns, about 150 bytes an attempt and 16 more per model.
 * @param engine opened by `openTables`
 * @param models names of the policy's models, in the order of the tables */
export async function readReplay(engine: Engine, models: readonly string[]): Promise<ReplayData> {
  const [{ count } = { count: 0 }] = await engine.rows<{ count: number }>(
    "SELECT count(*) AS count FROM replay",
  );
  const replay = emptyReplay(count, models);
  const places = {
    app: textNumberer(),
    tenant: textNumberer(),
    endpoint: textNumberer(),
    error_class: textNumberer(),
    finish_reason: textNumberer(),
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
  const texts: ReadonlyArray<[column: keyof typeof places, target: Int32Array]> = [
    ["app", replay.app],
    ["tenant", replay.tenant],
    ["endpoint", replay.endpoint],
    ["error_class", replay.errorClass],
    ["finish_reason", replay.finishReason],
  ];
  let start = 0;
  for await (const chunk of engine.columns(readSql("pipelines/replay/replay-numbers.sql"))) {
    for (const [column, target] of targets) fill(target, start, chunk[column]!);
    for (const [column, target] of texts) {
      const numberOf = places[column].numberOf;
      chunk[column]!.forEach((text, i) => {
        target[start + i] = numberOf(text as string | null);
      });
    }
    start += chunk.session!.length;
  }
  await readModels(engine, replay);
  return {
    ...replay,
    sessions: replay.session.reduce((most, session) => Math.max(most, session + 1), 0),
    apps: places.app.texts,
    tenants: places.tenant.texts,
    endpoints: places.endpoint.texts,
    errorClasses: places.error_class.texts,
    finishReasons: places.finish_reason.texts,
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

/** A replay of so many attempts, of which nothing is known yet. */
export function emptyReplay(rows: number, models: readonly string[]): ReplayData {
  const ints = () => new Int32Array(rows).fill(-1);
  const flags = () => new Uint8Array(rows);
  const doubles = (length = rows) => new Float64Array(length).fill(Number.NaN);
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
  start: number,
  values: readonly unknown[],
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number | boolean | null;
    target[start + i] = value === null ? Number.NaN : Number(value);
  }
}

/** Numbers texts in the order of their first appearance; null is -1. */
function textNumberer(): { numberOf: (text: string | null) => number; texts: string[] } {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  const numberOf = (text: string | null): number => {
    if (text === null) return -1;
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, texts.length);
    return texts.push(text) - 1;
  };
  return { numberOf, texts };
}
