import type { Progress } from "../../datasets/progress.js";
import type { Workspace } from "../../datasets/workspace.js";
import { openCallLedger } from "./call-ledger.js";
import type { CallPrice } from "./call-price.js";
import { inWaves } from "./in-waves.js";
import type { Journal } from "./journal.js";
import { JudgeApiName, type JudgeCall, JudgeMode } from "./judge.js";
import { openJudge } from "./open-judge.js";
import { uniqueCalls } from "./tally-calls.js";

/** Questions of one run, whom they go to, and who pays. */
export interface VerdictRun<Item> {
  journal: Journal;
  runId: string;
  price: CallPrice;
  /** In the order in which they are to be judged. */
  items: readonly Item[];
  callsOf: (item: Item) => readonly JudgeCall[];
  canaries: readonly JudgeCall[];
  judge: VerdictJudge;
  /** What the progress line says. */
  label: string;
}

/** How the judge is reached. */
export interface VerdictJudge {
  judgeUrl: string;
  judgeApi?: JudgeApiName;
  mode: JudgeMode;
  /** Hard cap on what the run costs in all; null = none. */
  maxUsd: number | null;
  /** Calls at a time, in chat mode. */
  concurrency: number;
  /** Pause between two looks at a batch, in ms. */
  pollMs: number;
  progress?: Progress;
}

/** Ask for every verdict that the journal does not hold: items whole and in their order, as far as the budget surely goes, equal questions
 * once; canaries last, for they must not eat the budget of labels.
 * @returns whether the cap left work undone, and how many calls a killed run had sent without seeing an answer */
export async function askVerdicts<Item>(
  workspace: Workspace,
  { journal, runId, price, items, callsOf, canaries, judge: options, label }: VerdictRun<Item>,
): Promise<{ isStoppedByBudget: boolean; unansweredCalls: number }> {
  const unansweredCalls = [...journal.unanswered.values()].filter((sent) => sent.runId === runId).length;
  const total = items.reduce((sum, item) => sum + callsOf(item).length, canaries.length);
  let done = 0;
  const ledger = openCallLedger({
    journal,
    runId,
    price,
    isBatch: options.mode === JudgeMode.batch,
    maxUsd: options.maxUsd,
    onAnswer: () => options.progress?.({ label, done: ++done, total, unit: "calls" }),
  });
  const { judgeUrl: url, judgeApi: api = JudgeApiName.openai } = options;
  const judge = await openJudge(workspace, { ...options, url, api, runId });
  await judge.recover(ledger);
  const pending = (calls: readonly JudgeCall[]) => calls.filter(({ key }) => !journal.replies.has(key));
  const mostUsdOf = (item: Item) =>
    pending(callsOf(item)).reduce((sum, call) => sum + (ledger.mostUsd(call) ?? 0), 0);
  const ask = (calls: readonly JudgeCall[]) => judge.ask(uniqueCalls(pending(calls)), ledger);
  const isPaid = await inWaves(items, { ledger, mostUsdOf }, (wave) => ask(wave.flatMap(callsOf)));
  if (isPaid) await ask(canaries);
  return { isStoppedByBudget: ledger.isStoppedByBudget(), unansweredCalls };
}
