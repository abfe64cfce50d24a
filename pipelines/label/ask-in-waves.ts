import { LabelKind } from "../../datasets/labels.js";
import type { CallLedger } from "./call-ledger.js";
import type { Canary } from "./canaries.js";
import { inWaves } from "./in-waves.js";
import type { Journal } from "./journal.js";
import type { Judge, JudgeCall } from "./judge.js";
import { AnswerOrder } from "./label-calls.js";
import type { LabelItem } from "./label-item.js";
import type { PreparedLabels } from "./plan-labels.js";
import { readItemLabels } from "./read-labels.js";

/** What a run asks, whom, and with what purse. */
export interface RunContext {
  judges: Record<"judge" | "answers", Judge>;
  ledger: CallLedger;
  journal: Journal;
  prepared: PreparedLabels;
  candidates: readonly string[];
  canaries: readonly Canary[];
}

/** Ask about as many items at a time as the budget surely pays for, whole: tiers and answers first, then the comparisons that
 * need the answers. Without a cap that is one wave. Canaries come last: they must not eat the budget of labels. */
export async function askInWaves(context: RunContext): Promise<void> {
  const { ledger, prepared, candidates, canaries, journal } = context;
  const { factory, items } = prepared;
  const mostUsd = (item: LabelItem) => mostUsdOf(item, context);
  const isPaid = await inWaves(items, { ledger, mostUsdOf: mostUsd }, async (wave) => {
    for (const kinds of [[LabelKind.tier, LabelKind.answer], [LabelKind.sufficiency]] as LabelKind[][]) {
      const needed = wave
        .flatMap((item) => readItemLabels(item, { candidates, factory, journal }).calls)
        .filter(({ kind }) => kinds.includes(kind));
      await askPending(context, needed);
    }
  });
  if (!isPaid) return;
  await askPending(
    context,
    canaries.map(({ call }) => ({ kind: LabelKind.sufficiency, call })),
  );
}

/** Ask what has no reply yet, each of those who answer at the same time as the other. */
async function askPending(
  { judges, ledger, journal }: RunContext,
  needed: ReadonlyArray<{ kind: LabelKind; call: JudgeCall }>,
): Promise<void> {
  const pending = new Map<Judge, Map<string, JudgeCall>>();
  for (const { kind, call } of needed) {
    if (journal.replies.has(call.key)) continue;
    const judge = kind === LabelKind.answer ? judges.answers : judges.judge;
    pending.set(judge, (pending.get(judge) ?? new Map()).set(call.key, call));
  }
  await Promise.all([...pending].map(([judge, calls]) => judge.ask([...calls.values()], ledger)));
}

function mostUsdOf(item: LabelItem, { ledger, journal, prepared, candidates }: RunContext): number {
  const { factory } = prepared;
  const labels = readItemLabels(item, { candidates, factory, journal });
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
