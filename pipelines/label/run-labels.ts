import { rmSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { requestLog } from "../../datasets/request-log.js";
import type { LabelDetails } from "../../datasets/results.js";
import { storedFiles } from "../../datasets/stored-files.js";
import { type Workspace, writeManifest, writeResult } from "../../datasets/workspace.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import { askInWaves } from "./ask-in-waves.js";
import { type CallLedger, openCallLedger } from "./call-ledger.js";
import { type Canary, plantCanaries } from "./canaries.js";
import { canaryWarning } from "./count-canaries.js";
import type { Journal } from "./journal.js";
import { type Judge, JudgeApiName, JudgeMode } from "./judge.js";
import { type LabelRows, labelRows } from "./label-rows.js";
import { openJudge } from "./open-judge.js";
import {
  type AnswersEndpoint,
  type LabelOptions,
  type PreparedLabels,
  prepareLabels,
} from "./plan-labels.js";
import { readItemLabels } from "./read-labels.js";
import { summariseLabels } from "./summarise-labels.js";
import { withJournal } from "./with-journal.js";
import { writeLabelTables } from "./write-label-tables.js";

/** How a run is carried out. */
export interface RunOptions extends LabelOptions {
  /** Go on with what the journal holds; false sets it aside and asks everything again. */
  isResumed: boolean;
  /** Pause between two looks at a batch, in ms. */
  pollMs: number;
  progress?: Progress;
}

/** Label a sample of the workspace's requests: tier and stakes of each, and per candidate model whether its answer could have
 * been sent instead of the logged one. Writes labels, outcomes, outcome items, results/label.json and label.manifest.json.
 *
 * Safe to kill: every reply is on disk before the next step, and the same command goes on where it stopped. Labels of an earlier
 * run are replaced; what it paid for stays in the journal and is reused where the same question comes up.
 * @throws {InputError} if no endpoint is named, it can't be used, or the budget can't be kept */
export async function runLabels(workspace: Workspace, options: RunOptions): Promise<LabelDetails> {
  const started = performance.now();
  const { judgeUrl } = options;
  if (judgeUrl === null) {
    throw new InputError(
      "name the judge's endpoint with --judge-url (OpenAI: https://api.openai.com/v1); nothing is sent without it",
    );
  }
  const prepared = await prepareLabels(workspace, options);
  const work = async (journal: Journal): Promise<LabelDetails> => {
    const done = await carryOut({ workspace, journal, prepared, options: { ...options, judgeUrl } });
    await store(workspace, { ...done, options, seconds: (performance.now() - started) / 1_000 });
    return done.result;
  };
  return withJournal(workspace, work, !options.isResumed);
}

interface Run {
  workspace: Workspace;
  journal: Journal;
  prepared: PreparedLabels;
  options: RunOptions & { judgeUrl: string };
}

/** Ask what isn't known yet, then sum up what is. */
async function carryOut({
  workspace,
  journal,
  prepared,
  options,
}: Run): Promise<{ result: LabelDetails; rows: LabelRows }> {
  const { plan, sample, items, factory } = prepared;
  const { candidates } = options;
  const unanswered = [...journal.unanswered.values()].filter(({ runId }) => runId === plan.run_id).length;
  const canaries = candidates.length > 0 ? plantCanaries(items, factory) : [];
  const ledger = openLedger({ journal, prepared, options, canaries });
  const judges = await openJudges(workspace, options, plan.run_id);
  for (const judge of new Set(Object.values(judges))) await judge.recover(ledger);
  await askInWaves({ judges, ledger, journal, prepared, candidates, canaries });

  const labelled = items.map((item) => readItemLabels(item, { candidates, factory, journal }));
  const summary = summariseLabels({ runId: plan.run_id, sample, labelled, canaries, candidates, journal });
  const result: LabelDetails = {
    schema_version: 1,
    run_id: plan.run_id,
    mode: options.mode,
    candidates: [...candidates],
    rubrics: { tier: factory.rubrics.tier.id, sufficiency: factory.rubrics.sufficiency.id },
    ...summary,
    cost: { ...summary.cost, max_usd: options.maxUsd, is_stopped_by_budget: ledger.isStoppedByBudget() },
    unanswered_calls: unanswered,
    redactions: plan.redactions,
    notes: notesOf(summary, ledger),
  };
  return { result, rows: labelRows(labelled, { factory, journal, price: prepared.price }) };
}

/** Write the tables, the result and, last, the manifest. */
async function store(
  workspace: Workspace,
  {
    result,
    rows,
    options,
    seconds,
  }: { result: LabelDetails; rows: LabelRows; options: RunOptions; seconds: number },
): Promise<void> {
  rmSync(join(workspace.path, "label.manifest.json"), { force: true });
  await writeLabelTables(workspace, result.run_id, rows);
  writeResult(workspace, "label", result);
  writeManifest(workspace, {
    stage: "label",
    completed_at: new Date().toISOString(),
    versions: {
      signalbox: toolkitVersion,
      judge: options.judgeModel,
      run_id: result.run_id,
      ...result.rubrics,
    },
    inputs: await storedFiles(workspace, requestLog),
    rows: {
      labels: rows.labels.length,
      outcomes: rows.outcomes.length,
      outcome_items: rows.outcomeItems.length,
    },
    seed: options.seed,
    seconds,
    notes: result.notes,
  });
}

/** The judge, and whoever answers for the candidates: one and the same unless they have an endpoint of their own. */
async function openJudges(
  workspace: Workspace,
  { judgeUrl, judgeApi = JudgeApiName.openai, answers, ...options }: Run["options"],
  runId: string,
): Promise<Record<"judge" | "answers", Judge>> {
  const open = (endpoint: AnswersEndpoint) => openJudge(workspace, { ...options, ...endpoint, runId });
  const judge = await open({ url: judgeUrl, api: judgeApi });
  const isShared = !answers || (answers.url === judgeUrl && answers.api === judgeApi);
  return { judge, answers: isShared ? judge : await open(answers) };
}

function openLedger({
  journal,
  prepared,
  options,
  canaries,
}: {
  journal: Journal;
  prepared: PreparedLabels;
  options: RunOptions;
  canaries: readonly Canary[];
}): CallLedger {
  const { tier, answer, sufficiency } = prepared.plan.calls;
  const total = tier + answer + sufficiency + canaries.length;
  let done = 0;
  return openCallLedger({
    journal,
    runId: prepared.plan.run_id,
    price: prepared.price,
    isBatch: options.mode === JudgeMode.batch,
    maxUsd: options.maxUsd,
    onAnswer: () => options.progress?.({ label: "judging", done: ++done, total, unit: "calls" }),
  });
}

function notesOf(summary: ReturnType<typeof summariseLabels>, ledger: CallLedger): string[] {
  const missing = summary.items - summary.labelled;
  return [
    ...(summary.is_simulated ? ["The judge is a simulation: nothing here is about a real model."] : []),
    ...(ledger.isStoppedByBudget()
      ? [
          `--max-usd stopped the run: ${missing} of ${summary.items} sampled requests have no label; raise it to go on.`,
        ]
      : []),
    ...(missing > 0
      ? [
          "Weights are corrected within strata for sampled requests without a label; a stratum without any label is not represented.",
        ]
      : []),
    ...summary.canaries.flatMap(canaryWarning),
    "Verdicts are the judge's own: not corrected for its error rates.",
  ];
}
