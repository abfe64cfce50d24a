import { LabelKind } from "../../datasets/labels.js";
import { canonicalModel } from "../../datasets/prices/canonical-model.js";
import { combineOrders, type PairVerdict } from "./combine-orders.js";
import { checkAnswer, type ExactDecision } from "./exact-checks/check-answer.js";
import type { Journal } from "./journal.js";
import type { JudgeCall, JudgeReply } from "./judge.js";
import { AnswerOrder, type CallFactory } from "./label-calls.js";
import type { LabelItem } from "./label-item.js";
import { type ReadVerdict, readSufficiency, readTier, type SufficiencyVerdict } from "./read-verdict.js";

/** A call that an item needs, with what is known of it. */
export interface NeededCall {
  kind: LabelKind;
  item: LabelItem;
  call: JudgeCall;
  candidate: string | null;
  order: AnswerOrder | null;
  /** Null while it is neither answered nor failed. */
  reply: JudgeReply | null;
}

/** One candidate's answer beside the logged one. */
export interface PairLabel {
  candidate: string;
  answer: JudgeReply | null;
  /** What decided without a judge; null when nothing did. */
  exact: ExactDecision | null;
  /** Null while an order has no reply. */
  verdict: PairVerdict | null;
}

/** All that is known of one item. */
export interface ItemLabels {
  item: LabelItem;
  calls: NeededCall[];
  tier: (ReadVerdict<"0" | "1" | "2"> & { isStakes: boolean | null }) | null;
  pairs: PairLabel[];
}

/** Read what the journal holds about an item, and which calls it still needs. The calls that compare two answers exist only
 * once the candidate's answer is there, and whole, and no exact check has decided.
 * @param candidates models to compare with the one that served the request; that one itself is passed over */
export function readItemLabels(
  item: LabelItem,
  {
    candidates,
    factory,
    journal,
  }: { candidates: readonly string[]; factory: CallFactory; journal: Pick<Journal, "replies" | "failures"> },
): ItemLabels {
  const replyTo = (call: JudgeCall): JudgeReply | null =>
    journal.replies.get(call.key)?.reply ?? journal.failures.get(call.key) ?? null;
  const need = (
    kind: LabelKind,
    call: JudgeCall,
    candidate: string | null = null,
    order: AnswerOrder | null = null,
  ): NeededCall => ({
    kind,
    item,
    call,
    candidate,
    order,
    reply: replyTo(call),
  });
  const tier = need(LabelKind.tier, factory.tier(item));
  const calls = [tier];
  const pairs = candidates
    .filter((candidate) => canonicalModel(candidate) !== item.row.model && item.answer !== null)
    .map((candidate): PairLabel => {
      const answer = need(LabelKind.answer, factory.answer(item, candidate), candidate);
      calls.push(answer);
      const exact = answer.reply?.error === null ? checkAnswer(item, answer.reply) : null;
      if (exact !== null) return { candidate, answer: answer.reply, exact, verdict: exact.verdict };
      const text = wholeAnswer(answer.reply);
      if (text === null) return { candidate, answer: answer.reply, exact, verdict: null };
      const orders = Object.values(AnswerOrder).map((order) =>
        need(
          LabelKind.sufficiency,
          factory.sufficiency(item, { reference: item.answer!, candidate: text }, order),
          candidate,
          order,
        ),
      );
      calls.push(...orders);
      const verdict = pairVerdict(orders.map(({ reply }) => reply));
      return { candidate, answer: answer.reply, exact, verdict };
    });
  return { item, calls, tier: tier.reply ? readTier(tier.reply) : null, pairs };
}

/** Text of an answer that can be judged: one that is there and was not cut. */
function wholeAnswer(reply: JudgeReply | null): string | null {
  return reply === null || reply.error !== null || reply.finishReason === "length" ? null : reply.text;
}

function pairVerdict(replies: ReadonlyArray<JudgeReply | null>): PairVerdict | null {
  const verdicts = replies.map((reply): SufficiencyVerdict | null =>
    reply === null || reply.error !== null ? null : readSufficiency(reply).verdict,
  );
  return verdicts[0] && verdicts[1] ? combineOrders(verdicts[0], verdicts[1]) : null;
}
