import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DecisionRecord, ShadowPairRecord } from "@signalbox/runtime";
import { packageRoot } from "../../../datasets/package-root.js";
import type { ShadowResult } from "../../../datasets/results.js";
import type { ResponseShadow } from "../../../datasets/shadow-result.js";
import { startLoopbackJudge } from "../../../datasets/synthetic/loopback-server.js";
import {
  generateTraffic,
  type SyntheticRequest,
  type TrafficOptions,
} from "../../../datasets/synthetic/traffic.js";
import { type Check, compareWithPlant } from "./compare-with-plant.js";
import { driveLoad, type LoadResult } from "./drive-load.js";
import { plantedModels, startModel, startService } from "./live-stack.js";
import { type Plant, plantOf } from "./plant-of.js";

/** A response shadow that ran, what its analysis says and what is true. */
export interface ShadowRun {
  load: LoadResult;
  /** What was sent, in order. */
  requests: SyntheticRequest[];
  /** Sampled requests by how far they came. */
  statuses: Record<string, number>;
  analysis: ResponseShadow;
  plant: Plant;
  checks: Check[];
}

/** Serve load with a response shadow on, then judge and analyse it with the commands that a user types.
 * The judge is simulated and never wrong, so that the analysis has to find what was planted in the models. */
export async function runShadow({
  artifacts,
  folder,
  workspace,
  traffic,
  rate,
  seconds,
}: {
  artifacts: string;
  folder: string;
  workspace: string;
  traffic: TrafficOptions;
  rate: number;
  seconds: number;
}): Promise<ShadowRun> {
  const world = generateTraffic(traffic);
  const requests = world.requests.filter(({ attemptNo }) => attemptNo === 1).slice(0, rate * seconds);
  const models = plantedModels(traffic, { isFaulty: true });
  const logs = join(folder, "logs");
  const load = await serve({ artifacts, logs, models, requests, rate });

  const decided = new Map(
    readLines<DecisionRecord>(join(logs, "decisions.jsonl")).map((row) => [
      row.request_id,
      row.decided_model,
    ]),
  );
  const isMoved = ({ id }: SyntheticRequest) => decided.get(id) === models.weak.model;
  const plant = plantOf(world, requests, models, isMoved);
  const pairs = readLines<ShadowPairRecord>(join(logs, "pairs.jsonl"));
  await judgePairs(world, workspace, logs);
  const { response } = JSON.parse(
    await signalbox("shadow", "analyze", "--workspace", workspace, ...logFiles(logs), "--json"),
  ) as ShadowResult;
  const analysis = response!;
  return {
    load,
    requests,
    statuses: countByStatus(pairs),
    analysis,
    plant,
    checks: compareWithPlant(analysis, plant),
  };
}

async function serve({
  artifacts,
  logs,
  models,
  requests,
  rate,
}: {
  artifacts: string;
  logs: string;
  models: ReturnType<typeof plantedModels>;
  requests: readonly SyntheticRequest[];
  rate: number;
}): Promise<LoadResult> {
  const [strong, weak] = await Promise.all([startModel(models.strong), startModel(models.weak)]);
  const service = await startService({
    artifact: artifacts,
    logs,
    mode: "observe",
    strongUrl: strong.url,
    weakUrl: weak.url,
  });
  try {
    return await driveLoad(service.url, requests, { rate });
  } finally {
    await service.stop("SIGTERM");
    await Promise.all([strong, weak].map((child) => child.stop("SIGTERM")));
  }
}

async function judgePairs(
  world: ReturnType<typeof generateTraffic>,
  workspace: string,
  logs: string,
): Promise<void> {
  const judge = await startLoopbackJudge({
    world,
    tpr: 1,
    tnr: 1,
    tierAccuracy: 1,
    positionBias: 0,
    seed: world.options.seed,
  });
  try {
    await signalbox(
      ...["shadow", "judge", "--workspace", workspace, "--pairs", join(logs, "pairs.jsonl")],
      ...["--judge-url", judge.url, "--judge-model", "gpt-4.1", "--json"],
    );
  } finally {
    await judge.close();
  }
}

function logFiles(logs: string): string[] {
  return ["--log", join(logs, "decisions.jsonl"), "--pairs", join(logs, "pairs.jsonl")];
}

/** Run the CLI; what it prints on standard output. */
async function signalbox(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(packageRoot, "dist", "scripts", "cli.js"), ...args],
    { env: { ...process.env, OPENAI_API_KEY: "not needed on loopback" }, maxBuffer: 1 << 28 },
  );
  return stdout;
}

function countByStatus(pairs: readonly ShadowPairRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of pairs) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function readLines<T>(path: string): T[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
