import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../datasets/package-root.js";
import type { TrafficOptions } from "../../../datasets/synthetic/traffic.js";
import { type Child, startChild } from "./child.js";
import type { ModelProcessOptions } from "./model-process.js";

/** The two model servers, each in a process of its own. */
export interface LiveModels {
  strong: ModelProcessOptions;
  weak: ModelProcessOptions;
}

/** What is planted: the weak model is faster, and fails and refuses more often. */
export function plantedModels(traffic: TrafficOptions, { isFaulty }: { isFaulty: boolean }): LiveModels {
  const shares = (errorShare: number, refusalShare: number) => (isFaulty ? { errorShare, refusalShare } : {});
  const common = { traffic, sigma: 0.4, seed: traffic.seed };
  return {
    strong: { ...common, model: "gpt-4o", medianMs: 240, ...shares(0.005, 0.003) },
    weak: { ...common, model: "gpt-4o-mini", medianMs: 110, ...shares(0.01, 0.008) },
  };
}

/** Start one model server. */
export function startModel(options: ModelProcessOptions): Promise<Child> {
  return startChild(join(packageRoot, "dist", "scripts", "bench", "live", "model-process.js"), {
    args: [JSON.stringify(options)],
  });
}

/** Start the example's service on an artifact and two model servers.
 * @param logs directory of its logs, made when absent */
export function startService({
  artifact,
  logs,
  mode,
  strongUrl,
  weakUrl,
}: {
  artifact: string;
  logs: string;
  mode: "observe" | "serve";
  strongUrl: string;
  weakUrl: string;
}): Promise<Child> {
  mkdirSync(logs, { recursive: true });
  return startChild(join(packageRoot, "examples", "shadow", "service.mjs"), {
    env: { ARTIFACT: artifact, LOGS: logs, MODE: mode, STRONG_URL: strongUrl, WEAK_URL: weakUrl },
  });
}
