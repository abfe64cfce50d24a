import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import { writeParquet } from "../../../datasets/engine/write-parquet.js";
import { InputError } from "../../../datasets/errors.js";
import { hashFile } from "../../../datasets/reader/hash-file.js";
import type { ShadowJudgeResult } from "../../../datasets/shadow-judge-result.js";
import { type ShadowVerdictRow, shadowVerdicts } from "../../../datasets/shadow-verdicts.js";
import { tableFolder, type Workspace, writeManifest, writeResult } from "../../../datasets/workspace.js";
import { toolkitVersion } from "../../ingest/toolkit-version.js";
import { askVerdicts, type VerdictJudge } from "../../label/ask-verdicts.js";
import type { Journal } from "../../label/journal.js";
import { withJournal } from "../../label/with-journal.js";
import {
  type PreparedShadowJudge,
  prepareShadowJudge,
  type ShadowJudgeOptions,
} from "./plan-shadow-judge.js";
import { readShadowPair } from "./read-shadow-pair.js";
import { shadowVerdictRows } from "./shadow-verdict-rows.js";
import { summariseShadowJudge } from "./summarise-shadow-judge.js";

/** How a run is carried out. */
export interface JudgeShadowOptions
  extends ShadowJudgeOptions,
    Pick<VerdictJudge, "concurrency" | "pollMs" | "progress"> {
  /** Go on with what the journal holds; false sets it aside, with what other verbs left in it, and asks everything again. */
  isResumed: boolean;
}

/** Have a judge compare the two answers of each pair of a response shadow, blind and in both orders. Writes shadow_verdicts/judged.parquet,
 * results/shadow_judge.json and shadow-judge.manifest.json.
 *
 * Safe to kill: every reply is on disk before the next step, and the same command goes on where it stopped. The table holds the pairs of
 * the files that were named; what earlier runs paid for stays in the journal and is reused where the same question comes up.
 * @throws {InputError} if no endpoint is named, it can't be used, a file isn't there, or the budget can't be kept
 * @throws {DataError} if no pair can be judged */
export async function judgeShadow(
  workspace: Workspace,
  options: JudgeShadowOptions,
): Promise<ShadowJudgeResult> {
  const started = performance.now();
  const { judgeUrl } = options;
  if (judgeUrl === null) {
    throw new InputError(
      "name the judge's endpoint with --judge-url (OpenAI: https://api.openai.com/v1); nothing is sent without it",
    );
  }
  const prepared = await prepareShadowJudge(workspace, options);
  const work = async (journal: Journal): Promise<ShadowJudgeResult> => {
    const { result, rows } = await carryOut(workspace, { journal, prepared, options, judgeUrl });
    if (rows.length === 0) {
      throw new InputError(
        "--max-usd does not pay for a single pair at its dearest; raise it. Pairs that were judged before are as they were",
      );
    }
    rmSync(join(workspace.path, "shadow-judge.manifest.json"), { force: true });
    await writeVerdicts(workspace, rows);
    writeResult(workspace, "shadow_judge", result);
    writeManifest(workspace, {
      stage: "shadow-judge",
      completed_at: result.completed_at,
      versions: {
        signalbox: toolkitVersion,
        judge: options.judgeModel,
        run_id: result.run_id,
        rubric: result.rubric,
      },
      inputs: await inputsOf([...options.pairs, ...options.contents]),
      rows: { shadow_verdicts: rows.length },
      seed: options.seed,
      seconds: (performance.now() - started) / 1_000,
      notes: result.notes,
    });
    return result;
  };
  return withJournal(workspace, work, !options.isResumed);
}

interface Run {
  journal: Journal;
  prepared: PreparedShadowJudge;
  options: JudgeShadowOptions;
  judgeUrl: string;
}

/** Ask what isn't known yet, then sum up what is. */
async function carryOut(
  workspace: Workspace,
  { journal, prepared, options, judgeUrl }: Run,
): Promise<{ result: ShadowJudgeResult; rows: ShadowVerdictRow[] }> {
  const { plan, items, canaries, factory, price } = prepared;
  const asked = await askVerdicts(workspace, {
    journal,
    runId: plan.run_id,
    price,
    items: items.filter(({ exact }) => exact === null),
    callsOf: ({ texts }) => factory.calls(texts),
    canaries: canaries.map(({ call }) => call),
    judge: { ...options, judgeUrl },
    label: "judging shadow pairs",
  });
  // Those before the first that was not asked about are a random part of the drawn ones; what is known behind it is not.
  const labels = items.map((item) => readShadowPair(item, { factory, journal }));
  const end = labels.findIndex(({ replies }) => replies === null);
  const labelled = labels.slice(0, end === -1 ? labels.length : end);
  return {
    result: summariseShadowJudge({ prepared, labelled, journal, options, ...asked }),
    rows: shadowVerdictRows(labelled, { journal, judgeModel: options.judgeModel }),
  };
}

async function writeVerdicts(workspace: Workspace, rows: readonly ShadowVerdictRow[]): Promise<void> {
  const folder = tableFolder(workspace, shadowVerdicts);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  const engine = await openDuckDb();
  await writeParquet(engine, shadowVerdicts, rows, join(folder, "judged.parquet")).finally(() =>
    engine.close(),
  );
}

async function inputsOf(paths: readonly string[]) {
  return Promise.all(
    paths.map(async (path) => ({ path, sha256: await hashFile(path), bytes: statSync(path).size })),
  );
}
