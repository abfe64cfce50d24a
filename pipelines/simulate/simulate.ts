import { rmSync } from "node:fs";
import { join } from "node:path";
import { type ArtifactManifest, loadRouter, type Policy } from "@signalbox/runtime";
import type { Progress } from "../../datasets/progress.js";
import { publishedClaims } from "../../datasets/published-claims.js";
import type { ModelResult, SimulateResult } from "../../datasets/results.js";
import {
  readResult,
  requireManifest,
  type Workspace,
  writeManifest,
  writeResult,
} from "../../datasets/workspace.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import { loadReplay, readArtifactDocuments } from "../replay/open-replay.js";
import { answerCounterfactuals } from "./answer-counterfactuals.js";
import { costsByApp } from "./costs-by-app.js";
import { gatewayNotes } from "./gateway-notes.js";
import { logCoverage } from "./log-coverage.js";
import type { ReplayColumns } from "./replay-columns.js";
import { type ReplayedLog, replayLog } from "./replay-log.js";
import { simulateNotes, unknownStrategies } from "./simulate-notes.js";
import { simulateTiming } from "./simulate-timing.js";
import { trafficStrategies } from "./traffic-strategies.js";

/** Replay the workspace's own requests through an exported router and say what each strategy would have cost: the tables `replay` and
 * `replay_models`, results/simulate.json, and how long it took in results/simulate-timing.json. Costs are re-priced from
 * logged tokens; quality on the log is the router's own estimate, and measured quality comes from labelled rows.
 * @param options.artifact folder of the artifact
 * @param options.workers threads that decide; by default as many as there are cores
 * @throws {StageError} when nothing was ingested; {InputError} when the artifact can't be loaded */
export async function simulate(
  workspace: Workspace,
  options: { artifact: string; workers?: number; onProgress?: Progress },
): Promise<SimulateResult> {
  const started = performance.now();
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const { policy, manifest } = readArtifactDocuments(options.artifact);
  await (await loadRouter(options.artifact)).close();
  const { result, written } = await compareStrategies(workspace, { ...options, policy, manifest });
  await answerCounterfactuals(await loadReplay(workspace, { policy, manifest }), options);
  writeManifest(workspace, {
    stage: "simulate",
    completed_at: new Date().toISOString(),
    versions: { signalbox: toolkitVersion, artifact: manifest.artifact_id },
    inputs: [],
    rows: written,
    seed: null,
    seconds: Math.round(performance.now() - started) / 1000,
    notes: result.notes,
  });
  return result;
}

/** Replay the log and compare the strategies on it. The columns of the replay are let go of when it returns: the counterfactuals read their own. */
async function compareStrategies(
  workspace: Workspace,
  options: {
    artifact: string;
    workers?: number;
    onProgress?: Progress;
    policy: Policy;
    manifest: ArtifactManifest;
  },
): Promise<{ result: SimulateResult; written: { replay: number; replay_models: number } }> {
  const model = readResult<ModelResult>(workspace, "model");
  const compared: { result?: SimulateResult; columns?: ReplayColumns } = {};
  const { written, seconds } = await replayLog(workspace, {
    ...options,
    onDecided: (replayed) => {
      compared.result = resultOf(replayed, options.policy, options.manifest, model);
      compared.columns = replayed.columns;
    },
    beforeSwap: () => rmSync(join(workspace.path, "simulate.manifest.json"), { force: true }),
  });
  const result = compared.result!;
  writeResult(workspace, "simulate", result);
  writeResult(workspace, "simulate-timing", simulateTiming(compared.columns!, seconds));
  return { result, written };
}

function resultOf(
  { columns, apps, pairs, terms, isMarkupInferred: isInferred }: ReplayedLog,
  policy: Policy,
  manifest: ArtifactManifest,
  model: ModelResult | null,
): SimulateResult {
  const rows = Int32Array.from(columns.left.keys()).filter((row) => columns.left[row] === 0);
  const coverage = logCoverage(columns);
  const models = policy.models.map((entry) => entry.model);
  const retention = model?.retention_target ?? policy.retention_target;
  const strategies =
    rows.length === 0
      ? []
      : trafficStrategies(columns, rows, {
          models,
          bestSingle: bestSingle(models, model),
          retention,
          pairs,
          heldOut: model?.artifact_id === manifest.artifact_id ? (model.heldout?.strategies ?? []) : [],
        });
  const router = strategies.find(({ strategy }) => strategy === "router");
  const billed = strategies.find(({ strategy }) => strategy === "billed");
  const bill = coverage.coverage.reduce((sum, line) => sum + line.usd, 0);
  return {
    schema_version: 2,
    artifact_id: manifest.artifact_id,
    outcomes: model?.heldout ?? null,
    traffic:
      rows.length === 0
        ? null
        : {
            requests: rows.length,
            sessions: new Set(rows.map((row) => columns.session[row]!)).size,
            strategies,
            unknown: unknownStrategies(pairs !== null),
            saving_of_bill: bill > 0 ? (billed!.usd.value - router!.usd.value) / bill : null,
            ...coverage,
            by_app: costsByApp(columns, rows, apps),
          },
    claims: publishedClaims,
    is_simulated: manifest.training.is_simulated,
    gateway_terms: terms,
    notes: [
      ...simulateNotes(rows.length, coverage.coverage.slice(1), model),
      ...gatewayNotes(columns, rows, { terms, isInferred }),
    ],
  };
}

/** The cheapest model whose mean measured quality keeps the promise alone; the strong model when none does. */
function bestSingle(models: readonly string[], model: ModelResult | null): number {
  const strong = models.length - 1;
  const quality = (name: string) =>
    model?.candidates.find((candidate) => candidate.model === name)?.mean_quality;
  const needed = (model?.retention_target ?? 1) * (quality(models[strong]!) ?? Number.POSITIVE_INFINITY);
  const found = models.findIndex((name) => (quality(name) ?? 0) >= needed);
  return found < 0 ? strong : found;
}
