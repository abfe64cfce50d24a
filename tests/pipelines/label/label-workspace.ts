import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalModel } from "../../../datasets/prices/canonical-model.js";
import type { RequestRow } from "../../../datasets/request-log.js";
import { requestLog } from "../../../datasets/request-log.js";
import {
  type LoopbackJudge,
  type LoopbackOptions,
  startLoopbackJudge,
} from "../../../datasets/synthetic/loopback-server.js";
import {
  generateTraffic,
  type SyntheticRequest,
  type SyntheticWorld,
} from "../../../datasets/synthetic/traffic.js";
import { openOrCreateWorkspace, type Workspace, writeManifest } from "../../../datasets/workspace.js";
import { memoryEngine } from "../../support/memory-engine.js";
import { requestRow } from "../../support/request-row.js";

/** A small world for the tests of labelling. */
export const testWorld: SyntheticWorld = generateTraffic({
  seed: 7,
  requests: 260,
  days: 10,
  from: "2026-03-02",
});

/** A workspace that holds the world's requests, as ingest leaves them. */
export async function labelWorkspace({
  world = testWorld,
  contentState = "redacted",
}: {
  world?: SyntheticWorld;
  contentState?: string;
} = {}): Promise<Workspace> {
  const workspace = openOrCreateWorkspace(mkdtempSync(join(tmpdir(), "signalbox-label-")));
  const written = world === testWorld ? writtenBefore.get(contentState) : undefined;
  if (written) {
    writeFileSync(requestsFile(workspace), written);
    writeIngestManifest(workspace, world.requests.length);
    return workspace;
  }
  await writeRequests(
    workspace,
    world.requests.map((request) => rowOf(request, contentState)),
  );
  if (world === testWorld) writtenBefore.set(contentState, readFileSync(requestsFile(workspace)));
  return workspace;
}

/** The file of the small world's requests, by the state of their content. */
const writtenBefore = new Map<string, Buffer>();

export async function writeRequests(workspace: Workspace, rows: readonly RequestRow[]): Promise<void> {
  const engine = await memoryEngine(requestLog, rows);
  await engine.run(`COPY requests TO '${requestsFile(workspace)}' (FORMAT parquet)`);
  engine.close();
  writeIngestManifest(workspace, rows.length);
}

/** Where a workspace's requests are; its folder is made. */
function requestsFile(workspace: Workspace): string {
  const folder = join(workspace.path, "requests", "day=2026-03-02");
  mkdirSync(folder, { recursive: true });
  return join(folder, "x.parquet");
}

function writeIngestManifest(workspace: Workspace, requests: number): void {
  writeManifest(workspace, {
    stage: "ingest",
    completed_at: "2026-03-20T00:00:00Z",
    versions: {},
    inputs: [],
    rows: { requests },
    seed: null,
    seconds: 0,
    notes: [],
  });
}

export function rowOf(request: SyntheticRequest, contentState: string): RequestRow {
  return requestRow({
    request_id: request.id,
    logical_id: request.logicalId,
    attempt_no: request.attemptNo,
    session_id: request.sessionId,
    app: request.app.name,
    created_at: request.startMs * 1_000,
    latency_ms: request.latencyMs,
    model: canonicalModel(request.model.name),
    content_state: contentState,
    system_text: request.app.system,
    user_text: request.userText,
    history_json: JSON.stringify(request.history),
    output_text: request.answer,
    user_chars: request.userText.length,
    output_total_tokens: request.usage?.output ?? null,
    cost_list_usd: request.usage?.costUsd ?? null,
    status: request.answer === null ? "error" : "ok",
  });
}

export function removeWorkspace(workspace: Workspace): void {
  rmSync(workspace.path, { recursive: true, force: true });
}

/** A loopback judge that never errs, unless told to. */
export function startJudge(options: Partial<LoopbackOptions> = {}): Promise<LoopbackJudge> {
  return startLoopbackJudge({
    world: testWorld,
    tpr: 1,
    tnr: 1,
    tierAccuracy: 1,
    positionBias: 0,
    seed: 3,
    ...options,
  });
}
