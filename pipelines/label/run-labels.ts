import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../datasets/errors.js";
import { LabelKind } from "../../datasets/labels.js";
import type { Progress } from "../../datasets/progress.js";
import type { LabelDetails } from "../../datasets/results.js";
import { type Workspace, writeManifest, writeResult } from "../../datasets/workspace.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import { createBatchJudge } from "./batch-judge.js";
import { type CallLedger, openCallLedger } from "./call-ledger.js";
import { type Canary, plantCanaries } from "./canaries.js";
import { createChatJudge } from "./chat-judge.js";
import { type Journal, openJournal } from "./journal.js";
import { type Judge, type JudgeCall, JudgeMode } from "./judge.js";
import { AnswerOrder } from "./label-calls.js";
import type { LabelItem } from "./label-item.js";
import { labelRows } from "./label-rows.js";
import { type LabelOptions, type PreparedLabels, prepareLabels } from "./plan-labels.js";
import { readItemLabels } from "./read-labels.js";
import { summariseLabels } from "./summarise-labels.js";
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
  if (options.judgeUrl === null) {
    throw new InputError(
      "name the judge's endpoint with --judge-url (OpenAI: https://api.openai.com/v1); nothing is sent without it",
    );
  }
  const prepared = await prepareLabels(workspace, options);
  const { plan, sample, items, factory } = prepared;
  const journal = openJournal(join(workspace.path, "label", "journal.jsonl"), !options.isResumed);
  try {
    const unanswered = [...journal.unanswered.values()].filter(({ runId }) => runId === plan.run_id).length;
    const canaries = options.candidates.length > 0 ? plantCanaries(items, factory) : [];
    const ledger = openLedger({ journal, prepared, options, canaries });
    const judge = createJudge(options.judgeUrl, plan.run_id, options);
    await judge.recover(ledger);
    await askInWaves({ judge, ledger, journal, prepared, options, canaries });

    const context = { candidates: options.candidates, factory, journal };
    const labelled = items.map((item) => readItemLabels(item, context));
    const rows = labelRows(labelled, { factory, journal, price: prepared.price });
    const summary = summariseLabels({
      runId: plan.run_id,
      sample,
      labelled,
      canaries,
      candidates: options.candidates,
      journal,
    });
    const result: LabelDetails = {
      schema_version: 1,
      run_id: plan.run_id,
      mode: options.mode,
      candidates: [...options.candidates],
      rubrics: { tier: factory.rubrics.tier.id, sufficiency: factory.rubrics.sufficiency.id },
      ...summary,
      cost: { ...summary.cost, max_usd: options.maxUsd, is_stopped_by_budget: ledger.isStoppedByBudget() },
      unanswered_calls: unanswered,
      redactions: plan.redactions,
      notes: notesOf(summary, ledger),
    };
    rmSync(join(workspace.path, "label.manifest.json"), { force: true });
    await writeLabelTables(workspace, plan.run_id, rows);
    writeResult(workspace, "label", result);
    writeManifest(workspace, {
      stage: "label",
      completed_at: new Date().toISOString(),
      versions: {
        signalbox: toolkitVersion,
        judge: options.judgeModel,
        run_id: plan.run_id,
        ...result.rubrics,
      },
      inputs: requestFiles(workspace),
      rows: {
        labels: rows.labels.length,
        outcomes: rows.outcomes.length,
        outcome_items: rows.outcomeItems.length,
      },
      seed: options.seed,
      seconds: (performance.now() - started) / 1_000,
      notes: result.notes,
    });
    return result;
  } finally {
    journal.close();
  }
}

interface RunContext {
  judge: Judge;
  ledger: CallLedger;
  journal: Journal;
  prepared: PreparedLabels;
  options: RunOptions;
  canaries: readonly Canary[];
}

function openLedger({
  journal,
  prepared,
  options,
  canaries,
}: Pick<RunContext, "journal" | "prepared" | "options" | "canaries">): CallLedger {
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

function createJudge(url: string, runId: string, { mode, concurrency, pollMs }: RunOptions): Judge {
  return mode === JudgeMode.batch
    ? createBatchJudge({ url, runId, pollMs })
    : createChatJudge({ url, concurrency });
}

/** Ask about as many items at a time as the budget surely pays for, whole: tiers and answers first, then the comparisons that
 * need the answers. Without a cap that is one wave. Canaries come last: they must not eat the budget of labels. */
async function askInWaves(context: RunContext): Promise<void> {
  const { ledger, prepared, options, canaries } = context;
  const { factory } = prepared;
  let open = [...prepared.items];
  while (open.length > 0) {
    const wave = affordable(open, context);
    if (wave.length === 0) return ledger.stop();
    for (const kinds of [[LabelKind.tier, LabelKind.answer], [LabelKind.sufficiency]] as LabelKind[][]) {
      const labels = wave.map((item) =>
        readItemLabels(item, { candidates: options.candidates, factory, journal: context.journal }),
      );
      const calls = labels.flatMap((label) =>
        label.calls.filter(({ kind }) => kinds.includes(kind)).map(({ call }) => call),
      );
      await askPending(context, calls);
    }
    open = open.slice(wave.length);
  }
  await askPending(
    context,
    canaries.map(({ call }) => call),
  );
}

async function askPending(
  { judge, ledger, journal }: RunContext,
  calls: readonly JudgeCall[],
): Promise<void> {
  const pending = new Map(
    calls.filter(({ key }) => !journal.replies.has(key)).map((call) => [call.key, call]),
  );
  if (pending.size > 0) await judge.ask([...pending.values()], ledger);
}

/** The longest run of items at the front whose every call fits the budget at its dearest. */
function affordable(items: readonly LabelItem[], context: RunContext): LabelItem[] {
  let left = context.ledger.leftUsd();
  if (left === Number.POSITIVE_INFINITY) return [...items];
  const wave: LabelItem[] = [];
  for (const item of items) {
    left -= mostUsdOf(item, context);
    if (left < 0) break;
    wave.push(item);
  }
  return wave;
}

function mostUsdOf(item: LabelItem, { ledger, journal, prepared, options }: RunContext): number {
  const { factory } = prepared;
  const labels = readItemLabels(item, { candidates: options.candidates, factory, journal });
  const known = labels.calls
    .filter(({ call }) => !journal.replies.has(call.key))
    .map(({ call }) => ledger.mostUsd(call) ?? 0);
  const comparisons = labels.pairs
    .filter(({ answer }) => answer === null || answer.error !== null)
    .map(({ candidate }) => {
      // The longest answer that the candidate may give, at two bytes a token.
      const longest = "x".repeat(2 * factory.answer(item, candidate).maxTokens);
      const call = factory.sufficiency(
        item,
        { reference: item.answer!, candidate: longest },
        AnswerOrder.referenceFirst,
      );
      return 2 * (ledger.mostUsd(call) ?? 0);
    });
  return [...known, ...comparisons].reduce((sum, usd) => sum + usd, 0);
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
    "Verdicts are the judge's own: not corrected for its error rates.",
  ];
}

/** The request files that the sample was drawn from. */
function requestFiles(workspace: Workspace): Array<{ path: string; sha256: string; bytes: number }> {
  const folder = join(workspace.path, "requests");
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return {
        path: join("requests", name),
        sha256: createHash("sha256").update(bytes).digest("hex"),
        bytes: bytes.length,
      };
    });
}
