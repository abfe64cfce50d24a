import { redact } from "../../datasets/privacy/redact.js";
import type { Workspace } from "../../datasets/workspace.js";

/** Makes texts fit to leave the machine, and counts what it replaced. */
export interface TextCleaner {
  /** A stored text: one that is kept in full is redacted, one that ingest redacted goes as it is.
   * @param contentState how the row that holds it was ingested */
  stored(contentState: string, text: string): string;
  /** A text from elsewhere. */
  any(text: string): string;
  /** How many values of each kind were replaced so far. */
  redactions(): Array<{ kind: string; count: number }>;
}

/** Open a cleaner.
 * @param isSentUnredacted the user's word that texts may be sent as they are */
export function createTextCleaner({ salt }: Pick<Workspace, "salt">, isSentUnredacted: boolean): TextCleaner {
  const counts = new Map<string, number>();
  const any = (text: string): string => {
    if (isSentUnredacted) return text;
    const redaction = redact(text, salt);
    for (const [kind, count] of Object.entries(redaction.counts))
      counts.set(kind, (counts.get(kind) ?? 0) + count);
    return redaction.text;
  };
  return {
    any,
    stored: (contentState, text) => (contentState === "full" ? any(text) : text),
    redactions: () =>
      [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({ kind, count })),
  };
}
