import type { CallPrice } from "./call-price.js";
import type { Journal } from "./journal.js";
import { type BatchRecord, type CallLog, JudgeApiName, type JudgeCall, type JudgeReply } from "./judge.js";

/** The journal and the purse behind a run: what is sent is written down first, and only sent if it fits. */
export interface CallLedger extends CallLog {
  /** Budget that is neither spent nor reserved, in USD; Infinity without a cap. */
  leftUsd(): number;
  /** Say that work was left out for want of budget. */
  stop(): void;
  /** Whether anything was. */
  isStoppedByBudget(): boolean;
  /** Most that a call can cost, in USD; null when its model has no known price. */
  mostUsd(call: JudgeCall): number | null;
}

/** What calls may cost, and what was spent before. */
export interface CallLedgerOptions {
  journal: Journal;
  runId: string;
  price: CallPrice;
  isBatch: boolean;
  /** Cap on what this run costs in all, over every process that worked on it; null = none. */
  maxUsd: number | null;
  /** Called after each recorded reply. */
  onAnswer?: () => void;
}

/** Open the ledger of a run: what earlier processes spent on it counts, and so does what they had sent without seeing an answer. */
export function openCallLedger({
  journal,
  runId,
  price,
  isBatch,
  maxUsd,
  onAnswer,
}: CallLedgerOptions): CallLedger {
  const reserved = new Map<string, number>();
  let reservedUsd = 0;
  let isStopped = false;
  let lostUsd = 0;
  for (const sent of journal.unanswered.values()) if (sent.runId === runId) lostUsd += sent.reservedUsd ?? 0;
  const spentUsd = () => lostUsd + (journal.spentUsd.get(runId) ?? 0);

  const leftUsd = () => (maxUsd === null ? Number.POSITIVE_INFINITY : maxUsd - spentUsd() - reservedUsd);
  const mostUsd = (call: JudgeCall) =>
    price(
      call.model,
      { inputTokens: mostInputTokens(call), cachedTokens: 0, outputTokens: call.maxTokens },
      isBatch,
    );
  const release = (key: string): number => {
    const usd = reserved.get(key) ?? 0;
    reserved.delete(key);
    reservedUsd -= usd;
    return usd;
  };
  const costOf = (reply: JudgeReply, call: number): number | null =>
    reply.usage && reply.model
      ? price(reply.model, reply.usage, reply.isBatch)
      : reply.error === null && call > 0
        ? call
        : null;

  return {
    leftUsd,
    mostUsd,
    stop: () => {
      isStopped = true;
    },
    isStoppedByBudget: () => isStopped,
    allows: (call) => {
      const usd = mostUsd(call) ?? 0;
      if (usd > leftUsd()) {
        isStopped = true;
        return false;
      }
      reserved.set(call.key, usd);
      reservedUsd += usd;
      return true;
    },
    intend: (calls) => {
      const intents = calls.map(({ key }) => ({ key, reserved_usd: reserved.get(key) ?? null }));
      journal.append([{ type: "intent", run_id: runId, calls: intents }]);
    },
    answer: (replies) => {
      const entries = replies.map((reply) => {
        const cost = costOf(reply, release(reply.key));
        return { type: "reply" as const, run_id: runId, reply, cost_usd: cost };
      });
      journal.append(entries);
      for (const _ of entries) onAnswer?.();
    },
    recordBatch: (batch) => journal.append([{ type: "batch", run_id: runId, batch }]),
    openBatches: (url, api) =>
      [...journal.batches.values()].flatMap(({ runId: _, ...batch }) =>
        batch.url === url && (batch.api ?? JudgeApiName.openai) === api && !closedStages.has(batch.stage)
          ? [batch]
          : [],
      ),
  };
}

const closedStages: ReadonlySet<BatchRecord["stage"]> = new Set(["collected", "cancelled", "lost"]);

/** More input tokens than a prompt has in practice: a token for every two bytes of UTF-8, where English takes four and Chinese three. */
function mostInputTokens(call: JudgeCall): number {
  const schemaBytes = call.schema ? Buffer.byteLength(JSON.stringify(call.schema)) : 0;
  return Math.ceil(
    (call.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content) + 20, 0) + schemaBytes) / 2,
  );
}
