import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RouterStats } from "@signalbox/runtime";
import type { SyntheticRequest, TrafficOptions } from "../../../datasets/synthetic/traffic.js";
import { fillDisk, flipBit, writeHalfArtifact } from "./break-things.js";
import type { Child } from "./child.js";
import { driveLoad, type LoadResult } from "./drive-load.js";
import { plantedModels, startModel, startService } from "./live-stack.js";

/** One thing that was broken under load. */
export interface FaultRun {
  fault: string;
  load: LoadResult;
  /** What the router counted of it, in words. */
  counted: string;
}

/** Break one thing after the other while users are being served, and see whether any of them notices.
 * @param artifacts directory of artifacts, with latest.json; it is damaged, so give a copy
 * @param requests to send; each fault gets an equal part */
export async function runFaults({
  artifacts,
  folder,
  traffic,
  requests,
  rate,
}: {
  artifacts: string;
  folder: string;
  traffic: TrafficOptions;
  requests: readonly SyntheticRequest[];
  rate: number;
}): Promise<FaultRun[]> {
  const models = plantedModels(traffic, { isFaulty: false });
  const runs: FaultRun[] = [];
  const share = Math.floor(requests.length / faults.length);
  for (const [i, { name, breakIt, counted }] of faults.entries()) {
    const [strong, weak] = await Promise.all([startModel(models.strong), startModel(models.weak)]);
    const logs = join(folder, `logs-${i}`);
    const service = await startService({
      artifact: artifacts,
      logs,
      mode: "serve",
      strongUrl: strong.url,
      weakUrl: weak.url,
    });
    const breaking = new Promise((resolve) => setTimeout(resolve, (share / rate / 3) * 1_000)).then(() =>
      breakIt({ strong, weak, artifacts, logs }),
    );
    const load = await driveLoad(service.url, requests.slice(i * share, (i + 1) * share), { rate });
    await breaking;
    const stats = (await (await fetch(`${service.url}/stats`)).json()) as { router: RouterStats };
    runs.push({ fault: name, load, counted: counted(stats.router, logs) });
    await Promise.all([service, strong, weak].map((child) => child.stop("SIGTERM")));
  }
  return runs;
}

interface Broken {
  strong: Child;
  weak: Child;
  artifacts: string;
  logs: string;
}

interface Fault {
  name: string;
  breakIt: (stack: Broken) => unknown;
  counted: (stats: RouterStats, logs: string) => string;
}

/** The artifact's files come last, since what they break stays broken. */
const faults: readonly Fault[] = [
  {
    name: "the strong model's server is killed",
    breakIt: ({ strong }) => strong.stop("SIGKILL"),
    counted: (_, logs) => countAttempts(logs, "gpt-4o"),
  },
  {
    name: "the weak model's server is killed",
    breakIt: ({ weak }) => weak.stop("SIGKILL"),
    counted: (_, logs) => countAttempts(logs, "gpt-4o-mini"),
  },
  {
    name: "the disk of the decision log is full",
    breakIt: ({ logs }) => fillDisk(join(logs, "decisions.jsonl")),
    counted: ({ recorded, lost }) => `${recorded} records written, ${lost} lost and counted`,
  },
  {
    name: "a bit of model.onnx flips",
    breakIt: ({ artifacts }) => flipBit(join(artifacts, latestId(artifacts), "model.onnx")),
    counted: countReloads,
  },
  {
    name: "a half-written artifact is announced",
    breakIt: ({ artifacts }) => writeHalfArtifact(artifacts, latestId(artifacts)),
    counted: countReloads,
  },
];

function latestId(artifacts: string): string {
  return (JSON.parse(readFileSync(join(artifacts, "latest.json"), "utf8")) as { artifact_id: string })
    .artifact_id;
}

function countAttempts(logs: string, model: string): string {
  const log = join(logs, "decisions.jsonl");
  if (!existsSync(log)) return "no decision log";
  const records = readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { attempts: Array<{ model: string; error_class: string | null }> });
  const failed = records
    .flatMap(({ attempts }) => attempts)
    .filter((attempt) => attempt.error_class !== null);
  const here = failed.filter((attempt) => attempt.model === model).length;
  return `${here} failed calls to ${model} in the decision log, all answered by the other model`;
}

function countReloads({ reloads }: RouterStats): string {
  return `${reloads.ok} reloads, ${reloads.refused} refused; the artifact in use went on`;
}
