import { join } from "node:path";
import type { Workspace } from "../../datasets/workspace.js";
import { lockWorkspace } from "../ingest/ingest-lock.js";
import { type Journal, openJournal } from "./journal.js";

/** Work with a workspace's journal, label/journal.jsonl, alone: two processes would pay for the same question.
 * @param isFresh set the old journal aside and start an empty one
 * @throws {InputError} while another process labels the workspace, or if the journal is damaged */
export async function withJournal<T>(
  workspace: Workspace,
  work: (journal: Journal) => Promise<T>,
  isFresh = false,
): Promise<T> {
  const unlock = lockWorkspace(workspace, "label");
  try {
    const journal = openJournal(join(workspace.path, "label", "journal.jsonl"), isFresh);
    return await work(journal).finally(() => journal.close());
  } finally {
    unlock();
  }
}
