import { InputError } from "../../datasets/errors.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import type { Progress } from "../../datasets/progress.js";
import type { Workspace } from "../../datasets/workspace.js";
import { type CallLedger, openCallLedger } from "./call-ledger.js";
import type { Journal } from "./journal.js";
import { type JudgeCall, JudgeMode } from "./judge.js";
import { type CallFactory, createCallFactory } from "./label-calls.js";
import { hashOf } from "./label-item.js";
import { openJudge } from "./open-judge.js";
import { type OpenedSample, openSample } from "./open-sample.js";
import type { AnswersEndpoint, LabelOptions } from "./plan-labels.js";
import { withJournal } from "./with-journal.js";

/** Whose answers to fetch, and for which requests. The sample is drawn as labelling draws it. */
export interface FetchOptions
  extends Pick<
    LabelOptions,
    | "candidates"
    | "reference"
    | "mode"
    | "sample"
    | "seed"
    | "focus"
    | "maxUsd"
    | "pricedAt"
    | "assumeUsdPerMTok"
    | "concurrency"
    | "isSentUnredacted"
    | "checks"
  > {
  endpoint: AnswersEndpoint;
  /** The user's word that the sampled requests may leave the machine. */
  isSendingAllowed: boolean;
  pollMs: number;
  progress?: Progress;
}

/** What was fetched and what it cost. */
export interface FetchedAnswers {
  run_id: string;
  /** Sampled requests. */
  items: number;
  models: Array<{
    model: string;
    needed: number;
    answered: number;
    /** Of those answered: known from an earlier run. */
    reused: number;
    /** Answers that an output cap cut. */
    truncated: number;
    failed: number;
    not_sent: number;
    /** Paid by this run at list price; null when a price is unknown. */
    cost_usd: number | null;
  }>;
  is_stopped_by_budget: boolean;
  is_simulated: boolean;
  redactions: Array<{ kind: string; count: number }>;
}

/** Fetch the candidates' answers to the sampled requests into the journal, where labelling finds them: the counterfactuals that a
 * log doesn't have. Safe to kill and cheap to repeat, as labelling is.
 * @throws {InputError} without the user's word, if the endpoint can't be used, or if the budget can't be kept */
export async function fetchAnswers(workspace: Workspace, options: FetchOptions): Promise<FetchedAnswers> {
  if (!options.isSendingAllowed) {
    throw new InputError(
      `the sampled requests would be sent to ${options.endpoint.url}, redacted as docs/labelling.md says; say that they may with --send-content`,
    );
  }
  const opened = await openSample(workspace, { ...options, models: options.candidates });
  const factory = createCallFactory({
    judgeUrl: options.endpoint.url,
    judgeModel: "",
    answersUrl: options.endpoint.url,
    salt: workspace.salt,
  });
  const wanted = wantedAnswers(opened, options.candidates, factory);
  const runId = hashOf(
    "answers",
    wanted.map(({ call }) => call.key),
  ).slice(0, 12);
  return withJournal(workspace, async (journal) => {
    const known = new Set(wanted.flatMap(({ call }) => (journal.replies.has(call.key) ? [call.key] : [])));
    const ledger = openLedger({ journal, runId, opened, options, total: wanted.length - known.size });
    const judge = await openJudge(workspace, { ...options, ...options.endpoint, runId });
    await judge.recover(ledger);
    const pending = new Map(
      wanted.flatMap(({ call }) => (journal.replies.has(call.key) ? [] : [[call.key, call] as const])),
    );
    if (pending.size > 0) await judge.ask([...pending.values()], ledger);
    return {
      run_id: runId,
      items: opened.items.length,
      models: options.candidates.map((model) =>
        countAnswers(
          model,
          wanted.filter((answer) => answer.model === model),
          { journal, known, runId },
        ),
      ),
      is_stopped_by_budget: ledger.isStoppedByBudget(),
      is_simulated: wanted.some(({ call }) => journal.replies.get(call.key)?.reply.isSimulated),
      redactions: opened.redactions,
    };
  });
}

interface WantedAnswer {
  model: string;
  call: JudgeCall;
}

/** One answer per request and model, but the model's own logged ones. */
function wantedAnswers(
  { items }: OpenedSample,
  models: readonly string[],
  factory: CallFactory,
): WantedAnswer[] {
  return models.flatMap((model) =>
    items
      .filter(({ row, answer }) => canonicalModel(model) !== row.model && answer !== null)
      .map((item) => ({ model, call: factory.answer(item, model) })),
  );
}

function openLedger({
  journal,
  runId,
  opened,
  options,
  total,
}: {
  journal: Journal;
  runId: string;
  opened: OpenedSample;
  options: FetchOptions;
  total: number;
}): CallLedger {
  let done = 0;
  return openCallLedger({
    journal,
    runId,
    price: opened.price,
    isBatch: options.mode === JudgeMode.batch,
    maxUsd: options.maxUsd,
    onAnswer: () => options.progress?.({ label: "answers", done: ++done, total, unit: "calls" }),
  });
}

function countAnswers(
  model: string,
  wanted: readonly WantedAnswer[],
  { journal, known, runId }: { journal: Journal; known: ReadonlySet<string>; runId: string },
): FetchedAnswers["models"][number] {
  const keys = [...new Set(wanted.map(({ call }) => call.key))];
  const answered = keys.flatMap((key) => journal.replies.get(key) ?? []);
  const failed = keys.filter((key) => journal.failures.has(key)).length;
  const paid = answered.filter((reply) => reply.runId === runId);
  return {
    model,
    needed: keys.length,
    answered: answered.length,
    reused: keys.filter((key) => known.has(key)).length,
    truncated: answered.filter(({ reply }) => reply.finishReason === "length").length,
    failed,
    not_sent: keys.length - answered.length - failed,
    cost_usd: paid.some(({ costUsd }) => costUsd === null)
      ? null
      : paid.reduce((sum, { costUsd }) => sum + costUsd!, 0),
  };
}
