import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadRouter } from "@signalbox/runtime";
import type { Progress } from "../../datasets/progress.js";
import type {
  AuditResult,
  IngestResult,
  ModelResult,
  ShadowResult,
  SimulateResult,
} from "../../datasets/results.js";
import { startLoopbackJudge } from "../../datasets/synthetic/loopback-server.js";
import { generateTraffic, type SyntheticWorld } from "../../datasets/synthetic/traffic.js";
import { writeTraffic } from "../../datasets/synthetic/write-traffic.js";
import { openOrCreateWorkspace, writeResult } from "../../datasets/workspace.js";
import { audit } from "../../pipelines/audit/audit.js";
import {
  type CacheReplayOptions,
  cacheReplayDefaults,
  replayWorkspaceCache,
} from "../../pipelines/cache/replay.js";
import { exportArtifact } from "../../pipelines/export/export-artifact.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { JudgeMode } from "../../pipelines/label/judge.js";
import { runLabels } from "../../pipelines/label/run-labels.js";
import { inferMarkup } from "../../pipelines/markup/markup.js";
import { analyzeShadow } from "../../pipelines/shadow/analyze-shadow.js";
import { simulate } from "../../pipelines/simulate/simulate.js";
import { train } from "../../pipelines/train/train.js";
import { prepareReport } from "../../reports/prepare-report.js";
import { writeReport } from "../write-report.js";

/** Everything that the demo made, and what its stages found. */
export interface DemoResult {
  logs: string;
  workspace: string;
  artifact: string;
  report: string;
  decisionLog: string;
  ingest: IngestResult;
  audit: AuditResult;
  model: ModelResult;
  simulate: SimulateResult;
  shadow: ShadowResult;
  decision: { prompt: string; model: string; score: number | null; reasons: string[]; took_us: number };
}

const demoCache: CacheReplayOptions = {
  ...cacheReplayDefaults,
  embedder: null,
  encoder: null,
  tokenizer: null,
  hasGuard: true,
  minAnswerCosine: null,
  prices: {},
};

/** When the demo's traffic was made. */
export const demoTraffic = { days: 14, from: "2026-09-01" } as const;

/** Run the whole journey on synthetic traffic with a planted truth, judged by a simulated judge on loopback. Its numbers show
 * how Signalbox works; they say nothing about real models.
 * @param folder where logs, workspace, decision log and report go; replaced when it exists */
export async function runDemo(
  folder: string,
  {
    requests,
    seed,
    announce,
    progress,
  }: { requests: number; seed: number; announce: (step: string) => void; progress: Progress },
): Promise<DemoResult> {
  const root = resolve(folder);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });

  announce("writing synthetic traffic in three log formats");
  const world = generateTraffic({ ...demoTraffic, requests, seed });
  const logs = join(root, "logs");
  writeTraffic(world, logs);

  const workspace = openOrCreateWorkspace(join(root, "workspace"));
  announce("ingest");
  const ingested = await ingest(workspace, [logs], { isSynthetic: true, onProgress: progress });
  announce("audit");
  const audited = await audit(workspace);
  announce("markup");
  await inferMarkup(workspace);
  announce("label, with the simulated judge");
  await labelWithSimulatedJudge(workspace, world, { seed, progress });
  announce("train");
  const model = await train(workspace, { retention: 0.95, confidence: 0.95, seed, onProgress: progress });
  announce("export");
  const { path: artifact } = await exportArtifact(workspace, {});
  announce("simulate");
  const simulated = await simulate(workspace, { artifact, onProgress: progress });
  announce("cache replay");
  await replayWorkspaceCache(workspace, { ...demoCache, onProgress: progress });
  announce("shadow: log what the router would do, follow none of it");
  const decisionLog = join(root, "decisions.jsonl");
  const decision = await shadow(world, artifact, decisionLog);
  const shadowed = await analyzeShadow({ logs: [decisionLog], rate: 0.1 });
  writeResult(workspace, "shadow", shadowed);
  announce("report");
  const report = join(root, "report.html");
  await writeReport(prepareReport(workspace), report);
  return {
    logs,
    workspace: workspace.path,
    artifact,
    report,
    decisionLog,
    ingest: ingested,
    audit: audited,
    model,
    simulate: simulated,
    shadow: shadowed,
    decision,
  };
}

async function labelWithSimulatedJudge(
  workspace: ReturnType<typeof openOrCreateWorkspace>,
  world: SyntheticWorld,
  { seed, progress }: { seed: number; progress: Progress },
): Promise<void> {
  const judge = await startLoopbackJudge({
    world,
    tpr: 0.95,
    tnr: 0.9,
    tierAccuracy: 0.9,
    positionBias: 0.03,
    seed,
  });
  try {
    await runLabels(workspace, {
      judgeUrl: judge.url,
      judgeModel: "gpt-4.1",
      candidates: ["gpt-4o-mini"],
      reference: "gpt-4o",
      mode: JudgeMode.chat,
      sample: 1000,
      maxUsd: null,
      assumeUsdPerMTok: null,
      concurrency: 16,
      seed,
      isSentUnredacted: false,
      isResumed: true,
      pollMs: 100,
      progress,
    });
  } finally {
    await judge.close();
  }
}

async function shadow(world: SyntheticWorld, artifact: string, log: string): Promise<DemoResult["decision"]> {
  const router = await loadRouter(artifact, { decisionLog: log });
  const answered = world.requests.filter(({ status }) => status === 200);
  for (const request of answered) {
    const messages = [...request.history, { role: "user", content: request.userText }];
    const decision = router.decide({ system: request.app.system, messages, sessionId: request.sessionId });
    router.record(decision, {
      servedModel: request.model.name,
      latencyMs: request.latencyMs,
      finishReason: "stop",
      usage: {
        prompt_tokens:
          request.usage!.inputUncached + request.usage!.inputCacheRead + request.usage!.inputCacheWrite,
        completion_tokens: request.usage!.output,
        prompt_tokens_details: { cached_tokens: request.usage!.inputCacheRead },
      },
    });
  }
  await router.flush();
  const prompt = "How do I change the language of the invoice?";
  const { model, score, reasons, tookUs } = router.decide({ system: world.requests[0]!.app.system, prompt });
  return { prompt, model, score, reasons, took_us: tookUs };
}
