import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ArtifactManifest, loadRouter, type Policy } from "@signalbox/runtime";
import { readSql } from "../../datasets/engine/sql-file.js";
import { InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import type { ModelResult, SimulateResult } from "../../datasets/results.js";
import {
  openTables,
  readResult,
  requireManifest,
  type Workspace,
  writeResult,
} from "../../datasets/workspace.js";
import { type Coverage, type RoutedTraffic, routeTraffic } from "./route-traffic.js";
import { trafficStrategies } from "./traffic-strategies.js";

/** Replay the workspace's own requests through an exported router and say what each strategy would have cost:
 * results/simulate.json. Costs are re-priced from logged tokens; quality on the log is the router's own estimate, and
 * measured quality comes from the held-out outcomes of training.
 * @param options.artifact folder of the artifact
 * @throws {StageError} when nothing was ingested; {InputError} when the artifact can't be loaded */
export async function simulate(
  workspace: Workspace,
  options: { artifact: string; onProgress?: Progress },
): Promise<SimulateResult> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const { policy, manifest } = readArtifact(options.artifact);
  const router = await loadRouter(options.artifact);
  const engine = await openTables(workspace);
  try {
    await engine.run(readSql("pipelines/sql/billed-requests.sql"));
    const { traffic, coverage } = await routeTraffic({
      engine,
      router,
      policy,
      onProgress: options.onProgress,
    });
    const model = readResult<ModelResult>(workspace, "model");
    const result: SimulateResult = {
      schema_version: 1,
      artifact_id: manifest.artifact_id,
      outcomes: model?.heldout ?? null,
      traffic:
        traffic.billed.length === 0
          ? null
          : {
              requests: traffic.billed.length,
              sessions: new Set(traffic.sessions).size,
              strategies: trafficStrategies(traffic, bestSingle(traffic.models, model)),
              saving_of_bill: savingOfBill(traffic, coverage),
              coverage,
              by_app: byApp(traffic),
            },
      is_simulated: manifest.training.is_simulated,
      notes: notesOn(traffic, coverage.slice(1), model),
    };
    writeResult(workspace, "simulate", result);
    return result;
  } finally {
    engine.close();
  }
}

function readArtifact(folder: string): { policy: Policy; manifest: ArtifactManifest } {
  const read = (name: string): unknown => {
    try {
      return JSON.parse(readFileSync(join(folder, name), "utf8"));
    } catch (cause) {
      throw new InputError(
        `${join(folder, name)}: can't be read; name the folder that signalbox export wrote`,
        { cause },
      );
    }
  };
  return { policy: read("policy.json") as Policy, manifest: read("manifest.json") as ArtifactManifest };
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

function savingOfBill({ billed, usd, chosen }: RoutedTraffic, coverage: Coverage): number | null {
  const total = coverage.reduce((sum, line) => sum + line.usd, 0);
  const saved = billed.reduce((sum, cost, i) => sum + cost - usd[chosen[i]!]![i]!, 0);
  return total > 0 ? saved / total : null;
}

function byApp(traffic: RoutedTraffic): NonNullable<SimulateResult["traffic"]>["by_app"] {
  const strong = traffic.models.length - 1;
  const rows = new Map<
    string,
    { requests: number; billed_usd: number; routed_usd: number; strong: number }
  >();
  traffic.apps.forEach((app, i) => {
    const row = rows.get(app) ?? { requests: 0, billed_usd: 0, routed_usd: 0, strong: 0 };
    row.requests += 1;
    row.billed_usd += traffic.billed[i]!;
    row.routed_usd += traffic.usd[traffic.chosen[i]!]![i]!;
    if (traffic.chosen[i] === strong) row.strong += 1;
    rows.set(app, row);
  });
  return [...rows]
    .map(([app, { strong: strongRequests, ...row }]) => ({
      app,
      ...row,
      strong_share: strongRequests / row.requests,
    }))
    .sort((a, b) => b.billed_usd - a.billed_usd || (a.app < b.app ? -1 : 1));
}

function notesOn(
  traffic: RoutedTraffic,
  left: ReadonlyArray<{ requests: number }>,
  model: ModelResult | null,
): string[] {
  const apart = left.reduce((sum, line) => sum + line.requests, 0);
  return [
    `${traffic.billed.length} logged attempts were decided by the router; ${apart} were left apart, see coverage.`,
    "Another model's answer is priced with the logged number of output tokens; models differ in how much they write.",
    "Quality on the log is the router's own calibrated estimate. Measured quality is in the held-out outcomes.",
    ...(model?.added ?? []).map(
      (added) => `Held-out outcomes are those of the router before ${added.model} was added; see model.json.`,
    ),
    ...(model?.label_sources.includes("judged")
      ? [
          "The router's own estimate foretells the judge's verdicts, errors included; whether the held-out outcomes are corrected is in the notes of training.",
        ]
      : []),
  ];
}
