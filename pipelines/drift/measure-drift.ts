import type { DriftResult } from "../../datasets/drift-result.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError, InputError } from "../../datasets/errors.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import { openTables, requireManifest, type Workspace, writeResult } from "../../datasets/workspace.js";
import { loadGreedyRouter } from "../ope/load-greedy-router.js";
import { adviseRetrain } from "./advise-retrain.js";
import { compareAll, driftThresholds } from "./compare-all.js";
import type { ComparedColumn, ComparedRequest } from "./drift-rows.js";
import { modelChanges } from "./model-changes.js";
import { outcomeChanges } from "./outcome-changes.js";
import { populationColumns } from "./population-columns.js";
import { priceChanges } from "./price-changes.js";
import { decidedScoreColumns, loggedScoreColumns } from "./score-columns.js";

/** What to compare. */
export interface DriftOptions {
  /** ISO date or time, UTC. */
  since: string;
  /** Folder of the artifact in production; null = nothing about scores and prices. */
  artifact: string | null;
  /** Decision logs, whose scores go before those of deciding anew. */
  logs: readonly string[];
  seed: number;
  /** Requests of each side that are compared, at most. */
  rows?: number;
  /** When prices are taken, microseconds since 1970; default now. */
  pricedAt?: number;
}

/** Compare the workspace's traffic since a day with that before: who asks what, how the router scores it, what came of it, prices and served
 * versions. Says whether to train again, and why. Writes results/drift.json.
 *
 * A session belongs to the side in which it began. P-values come from shuffled sessions and are adjusted for their number within one look; who
 * looks daily should go by the alarms, which allow it.
 * @throws {StageError} if nothing was ingested
 * @throws {DataError} if a side has no requests
 * @throws {InputError} if the day is none, or the artifact or a log can't be read */
export async function measureDrift(workspace: Workspace, options: DriftOptions): Promise<DriftResult> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const since = readDay(options.since);
  const artifact = options.artifact === null ? null : await loadGreedyRouter(options.artifact);
  const engine = await openTables(workspace);
  try {
    const { counts, requests } = await readSides(engine, since, options.rows ?? comparedRows);
    const logged =
      options.logs.length === 0 ? null : await loggedScoreColumns(options.logs, since.getTime() * 1_000);
    const scores: ComparedColumn[] =
      logged?.columns ?? (artifact === null ? [] : decidedScoreColumns(artifact.router, requests));
    const became = await outcomeChanges(engine, requests);
    const models = artifact?.policy.models ?? [];
    const body = {
      ...compareAll([...populationColumns(requests), ...scores, ...became.columns], became.outcomes, options),
      alarms: became.alarms,
      prices: priceChanges(models, {
        book: openPriceBook({ folder: priceFolder(workspace) }),
        now: options.pricedAt ?? Date.now() * 1_000,
      }),
      models: await modelChanges(engine, new Set(models.map(({ model }) => canonicalModel(model, null)))),
    };
    const reasons = adviseRetrain(body);
    const compared = (isSince: boolean) => requests.filter(({ is_since }) => is_since === isSince).length;
    const result: DriftResult = {
      schema_version: 1,
      since: since.toISOString(),
      artifact_id: artifact?.router.artifact ?? null,
      requests: { ...counts, compared_before: compared(false), compared_since: compared(true) },
      retrain_advised: reasons.some(({ advises_retrain }) => advises_retrain),
      reasons,
      ...body,
      thresholds: driftThresholds,
      notes: notesOf({ requests, artifact, scores, malformed: logged?.malformed ?? 0, result: body }),
    };
    writeResult(workspace, "drift", result);
    return result;
  } finally {
    engine.close();
  }
}

/** Requests of each side that are compared: enough to find a PSI of 0.01, few enough for thousands of shuffles. */
const comparedRows = 10_000;

async function readSides(engine: Engine, since: Date, rows: number) {
  const at = since.toISOString().replace("Z", "");
  await engine.run(readSql("pipelines/drift/sided-requests.sql"), { since: at });
  const [counts] = await engine.rows<{ before: number; since: number }>(
    readSql("pipelines/drift/side-counts.sql"),
  );
  for (const side of ["before", "since"] as const)
    if (counts![side] === 0)
      throw new DataError(
        `no session began ${side} ${since.toISOString()}; give a --since inside the traffic, or ingest more`,
      );
  const requests = await engine.rows<ComparedRequest>(readSql("pipelines/drift/compared-requests.sql"), {
    rows,
  });
  return { counts: counts!, requests };
}

function readDay(text: string): Date {
  const isIso = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text);
  const day = new Date(text.includes("T") && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text);
  if (!isIso || Number.isNaN(day.getTime()))
    throw new InputError(`--since ${text}: not a day; give YYYY-MM-DD, or a time such as 2026-05-01T12:00Z`);
  return day;
}

function notesOf({
  requests,
  artifact,
  scores,
  malformed,
  result,
}: {
  requests: readonly ComparedRequest[];
  artifact: unknown;
  scores: readonly ComparedColumn[];
  malformed: number;
  result: Pick<DriftResult, "outcomes" | "tests">;
}): string[] {
  const withoutText = requests.filter(({ user_text }) => user_text === null).length;
  return [
    `P-values are adjusted for the ${result.tests} tests of this look. Looking again tomorrow is another look: after daily looks at p-values a false alarm is near certain in the long run. The alarms may be looked at as often as you like.`,
    ...(artifact === null
      ? [
          "No artifact was named: nothing is said about prices, and changes of models are not held against a policy.",
        ]
      : []),
    ...(scores.length === 0
      ? ["No scores of both sides: name --artifact or a --log that spans the day."]
      : []),
    ...(malformed > 0 ? [`${malformed} records of the logs are no decisions and were left out.`] : []),
    ...(withoutText > 0
      ? [`${withoutText} compared requests have no text: their words and scores are not compared.`]
      : []),
    ...(result.outcomes.some(({ outcome }) => outcome.startsWith("judged"))
      ? []
      : [
          "No judged answers on both sides: label a sample of new traffic to learn whether answers got worse.",
        ]),
  ];
}
