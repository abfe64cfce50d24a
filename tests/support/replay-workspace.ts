import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { writeParquet } from "../../datasets/engine/write-parquet.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import {
  openOrCreateWorkspace,
  tableFolder,
  type Workspace,
  writeManifest,
} from "../../datasets/workspace.js";
import { writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { requestRow } from "./request-row.js";

/** The pool of {@link replayArtifact}, ascending in cost; all of them have list prices. */
export const replayPool = ["gpt-4.1-nano", "gpt-4.1-mini", "gpt-4.1"] as const;

/** A workspace that holds a log, as ingest leaves it. */
export async function replayWorkspace(rows: readonly RequestRow[]): Promise<Workspace> {
  const workspace = openOrCreateWorkspace(join(mkdtempSync(join(tmpdir(), "signalbox-replay-")), "ws"));
  const engine = await openDuckDb();
  try {
    await writeParquet(engine, requestLog, rows, join(tableFolder(workspace, requestLog), "log.parquet"));
  } finally {
    engine.close();
  }
  writeManifest(workspace, {
    stage: "ingest",
    completed_at: "2026-01-01T00:00:00.000Z",
    versions: {},
    inputs: [],
    rows: { requests: rows.length },
    seed: null,
    seconds: 0,
    notes: [],
  });
  return workspace;
}

/** An artifact with random weights whose models have list prices. */
export function replayArtifact(): string {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-artifact-"));
  writeRandomArtifact(folder, { names: replayPool });
  return folder;
}

/** A call that can be replayed, second by second apart. */
export function replayableRow(place: number, fields: Partial<RequestRow> = {}): RequestRow {
  return requestRow({
    request_id: `r${String(place).padStart(5, "0")}`,
    source_line: place + 1,
    created_at: (Date.UTC(2026, 0, 5, 12) + 1000 * place) * 1000,
    model: "gpt-4.1",
    provider: "openai",
    endpoint: "chat",
    content_state: "full",
    user_text: `Question ${place}: what is the capital of country ${place % 7}?`,
    prompt_hash: `hash-${place}`,
    user_chars: 40,
    input_uncached_tokens: 100,
    input_total_tokens: 100,
    output_text_tokens: 50,
    output_total_tokens: 50,
    cost_list_usd: 0.0006,
    latency_ms: 500,
    tokens_source: "logged",
    ...fields,
  });
}
