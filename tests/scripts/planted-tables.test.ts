import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { writeParquet } from "../../datasets/engine/write-parquet.js";
import { type ReplayModelRow, type ReplayRow, replay, replayModels } from "../../datasets/replay.js";
import { plantedWorld } from "../../datasets/synthetic/planted-world.js";
import { openOrCreateWorkspace, openTables, tableFolder } from "../../datasets/workspace.js";
import { readReplay } from "../../pipelines/replay/read-replay.js";
import type { ReplayData } from "../../pipelines/replay/replay-data.js";
import { cascadeHeadlines } from "../../scripts/bench/headlines/cascade-headlines.js";
import { leverHeadlines } from "../../scripts/bench/headlines/lever-headlines.js";
import { drawLog, type PlantedDraw } from "../../scripts/bench/headlines/planted-draw.js";
import { reliabilityHeadlines } from "../../scripts/bench/headlines/reliability-headlines.js";
import { strategyHeadlines } from "../../scripts/bench/headlines/strategy-headlines.js";

const draw = drawLog(plantedWorld, 150, 11);
let stored: PlantedDraw;

/** The planted log through the tables that `signalbox simulate` writes and every counterfactual reads. */
beforeAll(async () => {
  const workspace = openOrCreateWorkspace(join(mkdtempSync(join(tmpdir(), "signalbox-planted-")), "ws"));
  for (const [table, rows] of [
    [replay, draw.attempts.map(replayRow)],
    [replayModels, modelRows()],
  ] as const) {
    const engine = await openDuckDb();
    await writeParquet(engine, table, rows, join(tableFolder(workspace, table), `${table.name}.parquet`));
    engine.close();
  }
  const engine = await openTables(workspace);
  stored = { ...draw, replay: await readReplay(engine, draw.replay.models) };
  engine.close();
});

const text = (value: number, width = 8) => String(value).padStart(width, "0");

function replayRow(attempt: PlantedDraw["attempts"][number], row: number): ReplayRow {
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  const isReplayed = attempt.chosen >= 0;
  return {
    row,
    request_id: `r${text(row)}`,
    logical_id: `l${text(attempt.logical)}`,
    attempt_no: attempt.attemptNo,
    session: attempt.session,
    evidence: Number.isNaN(attempt.billedUsd) ? "unknown" : isReplayed ? "replayed" : "measured",
    left_reason: isReplayed ? null : "planted",
    created_at: attempt.createdAt,
    app: attempt.app,
    tenant: attempt.tenant,
    user_hash: `u${text(attempt.user)}`,
    endpoint: "chat",
    served: attempt.served,
    chosen: attempt.chosen,
    tier: attempt.tier < 0 ? null : attempt.tier,
    is_stakes: attempt.stakes < 0 ? null : attempt.stakes === 1,
    confidence: known(attempt.confidence),
    is_success: attempt.isSuccess,
    error_class: attempt.errorClass,
    finish_reason: attempt.isSuccess ? "stop" : null,
    is_stream: !attempt.isBatch,
    is_batch: attempt.isBatch,
    input_tokens: attempt.inputTokens,
    cache_read_tokens: attempt.cacheReadTokens,
    cache_write_tokens: 0,
    output_tokens: attempt.outputTokens,
    billed_usd: known(attempt.billedUsd),
    latency_ms: attempt.latencyMs,
    ttft_ms: known(attempt.ttftMs),
    user_chars: attempt.userChars,
    has_tools: false,
    prompt_hash: `p${text(attempt.prompt)}`,
  };
}

function modelRows(): ReplayModelRow[] {
  return draw.replay.models.flatMap((_, model) =>
    draw.attempts.flatMap(({ usd, sufficiency }, row) =>
      usd.length === 0 ? [] : [{ model, row, usd: usd[model]!, sufficiency: sufficiency[model]! }],
    ),
  );
}

test("a planted log is the same replay in memory and through the tables", () => {
  expect(comparable(stored.replay)).toEqual(comparable(draw.replay));
});

/** A replay with its texts in the place of their numbers, and ids numbered in order of their first row: which rows share one is what matters. */
function comparable(data: ReplayData) {
  const { apps, tenants, endpoints, errorClasses, finishReasons, ...columns } = data;
  const textsOf = (places: Int32Array, texts: readonly string[]) =>
    Array.from(places, (place) => texts[place] ?? null);
  return {
    ...columns,
    app: textsOf(columns.app, apps),
    tenant: textsOf(columns.tenant, tenants),
    endpoint: textsOf(columns.endpoint, endpoints),
    errorClass: textsOf(columns.errorClass, errorClasses),
    finishReason: textsOf(columns.finishReason, finishReasons),
    logical: renumbered(columns.logical),
    prompt: renumbered(columns.prompt),
    user: renumbered(columns.user),
  };
}

function renumbered(ids: Int32Array): number[] {
  const numbers = new Map<number, number>();
  return Array.from(ids, (id) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return numbers.get(id)!;
  });
}

test("every counterfactual finds the same figures in the tables as in memory", () => {
  for (const { title, estimate } of [
    strategyHeadlines,
    leverHeadlines,
    cascadeHeadlines,
    reliabilityHeadlines,
  ])
    expect(estimate(stored), title).toEqual(estimate(draw));
});
