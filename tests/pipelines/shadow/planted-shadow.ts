import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ShadowPairRecord, ShadowSide } from "@signalbox/runtime";
import { openOrCreateWorkspace, type Workspace } from "../../../datasets/workspace.js";
import type { JudgeShadowOptions } from "../../../pipelines/shadow/judge/judge-shadow.js";
import { testWorld } from "../label/label-workspace.js";

/** Pairs of a response shadow over the test world: gpt-4o served, gpt-4o-mini was tried beside it. One record per answered prompt. */
export function plantPairs(count = 60): ShadowPairRecord[] {
  const seen = new Set<string>();
  return testWorld.requests
    .flatMap(({ userText, id, sessionId }) => {
      const baseline = testWorld.answerOf(userText, "gpt-4o");
      const candidate = testWorld.answerOf(userText, "gpt-4o-mini");
      if (baseline === null || candidate === null || seen.has(userText)) return [];
      seen.add(userText);
      return [pairRecord(id, { session_hash: sessionId, content: contentOf(userText, baseline, candidate) })];
    })
    .slice(0, count);
}

export function contentOf(prompt: string, baseline: string | null, candidate: string | null) {
  return { prompt, system: "", baseline, candidate };
}

export function pairRecord(id: string, changes: Partial<ShadowPairRecord> = {}): ShadowPairRecord {
  return {
    v: 1,
    ts: "2026-04-01T00:00:00Z",
    pair_id: `pair-${id}`,
    request_id: id,
    session_hash: null,
    bucket: 0.05,
    rate: 0.1,
    artifact: "20260401-00000000",
    status: "paired",
    baseline: side("gpt-4o"),
    candidate: side("gpt-4o-mini"),
    slices: {},
    content_ref: null,
    content: null,
    ...changes,
  };
}

export function side(model: string, changes: Partial<ShadowSide> = {}): ShadowSide {
  return {
    model,
    usage: null,
    latency_ms: 900,
    ttft_ms: null,
    finish_reason: "stop",
    error: null,
    error_class: null,
    is_refusal: null,
    is_valid_json: null,
    ...changes,
  };
}

/** What the pairs' difference is by the planted truth: 1 where only the baseline's answer is adequate, -1 where only the candidate's is. */
export function plantedDifference({ content }: ShadowPairRecord): number {
  const { prompt, baseline, candidate } = content!;
  const grade = (answer: string | null) => testWorld.gradeAnswer(prompt, answer!)!;
  return Math.sign(grade(baseline) - grade(candidate));
}

/** A workspace with the pairs in a file of it. */
export function shadowWorkspace(records: readonly unknown[]): { workspace: Workspace; file: string } {
  const workspace = openOrCreateWorkspace(mkdtempSync(join(tmpdir(), "signalbox-shadow-")));
  const file = join(workspace.path, "pairs.jsonl");
  const lines = records.map((record) => (typeof record === "string" ? record : JSON.stringify(record)));
  writeFileSync(file, `${lines.join("\n")}\n`);
  return { workspace, file };
}

export function judgeOptions(
  file: string,
  judgeUrl: string | null,
  options: Partial<JudgeShadowOptions> = {},
): JudgeShadowOptions {
  return {
    pairs: [file],
    contents: [],
    judgeUrl,
    judgeModel: "gpt-4.1",
    mode: "chat",
    sample: null,
    seed: 1,
    maxUsd: null,
    assumeUsdPerMTok: null,
    isSentUnredacted: false,
    concurrency: 4,
    isResumed: true,
    pollMs: 1,
    ...options,
  };
}
