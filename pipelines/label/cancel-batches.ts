import type { Progress } from "../../datasets/progress.js";
import type { Workspace } from "../../datasets/workspace.js";
import type { CancelledBatches } from "./batch-judge.js";
import { openCallLedger } from "./call-ledger.js";
import { createCallPrice } from "./call-price.js";
import { JudgeApiName } from "./judge.js";
import { openBatchJudge } from "./open-judge.js";
import { withJournal } from "./with-journal.js";

/** How to stop. */
export interface CancelOptions {
  /** Pause between two looks at a batch, in ms. */
  pollMs: number;
  /** Price of every token of models that the price book doesn't know; null = unknown stays unknown. */
  assumeUsdPerMTok: number | null;
  progress?: Progress;
}

/** Stop every batch that the workspace's journal has open, wherever it was sent, and keep the replies that were finished: they are
 * paid for, and the next run reuses them. Safe to kill and to repeat.
 * @throws {InputError} if an endpoint can't be used, or a run is still at work */
export async function cancelBatches(
  workspace: Workspace,
  { pollMs, assumeUsdPerMTok, progress }: CancelOptions,
): Promise<CancelledBatches> {
  const price = createCallPrice(Date.now() * 1_000, assumeUsdPerMTok);
  return withJournal(workspace, async (journal) => {
    const total: CancelledBatches = { batches: 0, lost: 0, kept: 0, given_up: 0 };
    const groups = new Map(
      [...journal.batches.values()].map(({ runId, url, api = JudgeApiName.openai }) => [
        `${runId} ${api} ${url}`,
        { runId, url, api },
      ]),
    );
    for (const { runId, url, api } of groups.values()) {
      const ledger = openCallLedger({ journal, runId, price, isBatch: true, maxUsd: null });
      const ofRun = (batch: { batchKey: string }) => journal.batches.get(batch.batchKey)!.runId === runId;
      const log = { ...ledger, openBatches: () => ledger.openBatches(url, api).filter(ofRun) };
      if (log.openBatches().length === 0) continue;
      const judge = await openBatchJudge(workspace, { url, api, runId, pollMs, progress });
      const stopped = await judge.cancel(log);
      total.batches += stopped.batches;
      total.lost += stopped.lost;
      total.kept += stopped.kept;
      total.given_up += stopped.given_up;
    }
    return total;
  });
}
