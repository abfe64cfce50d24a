import { createHash } from "node:crypto";
import type { Workspace } from "../../datasets/workspace.js";
import type { ItemChecks } from "./exact-checks/read-item-checks.js";
import type { JudgedRequest } from "./judge-prompts.js";
import type { SampledRequest } from "./sample-requests.js";
import { createTextCleaner, type TextCleaner } from "./text-cleaner.js";

/** A sampled request as it may leave the machine. */
export interface LabelItem {
  row: SampledRequest;
  request: JudgedRequest;
  /** The logged answer; null when there is none. */
  answer: string | null;
  /** What is known about the right answer; null when nothing is. */
  checks: ItemChecks | null;
  /** The right answer as it may leave the machine; null when none is known. */
  knownRight: string | null;
  /** SHA-256 of the request's texts: equal requests are asked about once. */
  hash: string;
}

/** Prepare requests for sending. Text that the workspace holds in full is redacted here, and so is a known right answer, unless the
 * user wants them sent as they are; text that ingest redacted already goes as stored.
 * @returns the items, and how many values of each kind were replaced */
export function prepareItems(
  workspace: Workspace,
  rows: readonly SampledRequest[],
  {
    isSentUnredacted,
    checksOf = () => null,
  }: { isSentUnredacted: boolean; checksOf?: (row: SampledRequest) => ItemChecks | null },
): { items: LabelItem[]; redactions: Array<{ kind: string; count: number }> } {
  const cleaner = createTextCleaner(workspace, isSentUnredacted);
  const items = rows.map((row) => {
    const request = cleanRequest(row, cleaner);
    const answer = row.output_text === null ? null : cleaner.stored(row.content_state, row.output_text);
    const checks = checksOf(row);
    return {
      row,
      request,
      answer,
      checks,
      knownRight: checks === null || checks.gold === null ? null : cleaner.any(checks.gold),
      hash: hashOf(request.system, request.history, request.user),
    };
  });
  return { items, redactions: cleaner.redactions() };
}

/** A stored request as it may leave the machine. */
export function cleanRequest(
  row: Pick<SampledRequest, "content_state" | "system_text" | "history_json" | "user_text">,
  cleaner: TextCleaner,
): JudgedRequest {
  const clean = (text: string) => cleaner.stored(row.content_state, text);
  return {
    system: row.system_text === null ? null : clean(row.system_text),
    history: readHistory(row.history_json).map(({ role, content }) => ({ role, content: clean(content) })),
    user: clean(row.user_text),
  };
}

/** SHA-256 of any JSON values, 64 hex digits. */
export function hashOf(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}

/** Turns of a stored history as text; parts that are not text are named in brackets. */
export function readHistory(historyJson: string | null): Array<{ role: string; content: string }> {
  if (historyJson === null) return [];
  const turns = JSON.parse(historyJson) as Array<{ role: string; content?: unknown }>;
  return turns.map(({ role, content }) => ({ role, content: textOf(content) }));
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: { type?: string; text?: string } | string) =>
      typeof part === "string" ? part : (part.text ?? `[${part.type ?? "attachment"}]`),
    )
    .join("\n");
}
