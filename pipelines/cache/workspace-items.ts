import { hashExact, hashScope, modelFamily, neverCacheReasons } from "@signalbox/runtime";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { Progress } from "../../datasets/progress.js";
import type { AnswerGrouper } from "../../models/cache/group-answers.js";
import { numberer } from "./number-keys.js";
import type { TracedItem } from "./traced-item.js";

/** What became of a workspace's logical requests: `requests` = items + everything in `leftOut`. */
export interface WorkspaceCounts {
  requests: number;
  items: number;
  /** Requests that are no traffic of a cache, by reason. */
  leftOut: Map<string, number>;
  /** Items whose text the log doesn't hold: only the exact tier can know them, by the hash of the prompt. */
  exactTierOnly: number;
}

/** How a workspace's requests become items. */
export interface WorkspaceItemOptions {
  onItems: (items: TracedItem[]) => Promise<void>;
  answers: AnswerGrouper;
  /** Of the embedding model; null where embedding is free. */
  countTokens: ((text: string) => number) | null;
  onProgress?: Progress;
}

/** Read a workspace's requests as a cache would have been asked them: one item per logical request, in the order of time.
 * Retries are no traffic, and a request that no attempt answered is left out. Needs the view billed_requests. */
export async function readWorkspaceItems(
  engine: Engine,
  options: WorkspaceItemOptions,
): Promise<WorkspaceCounts> {
  const counts: WorkspaceCounts = { requests: 0, items: 0, leftOut: new Map(), exactTierOnly: 0 };
  const sessionOf = numberer();
  for await (const rows of engine.chunks<CacheRequestRow>(readSql("pipelines/cache/cache-requests.sql"))) {
    const items: TracedItem[] = [];
    for (const row of rows) {
      const reason = whyLeftOut(row);
      if (reason !== null) {
        counts.leftOut.set(reason, (counts.leftOut.get(reason) ?? 0) + 1);
        continue;
      }
      const item = itemOf(row, sessionOf(row.session), options);
      if (item.text === "") counts.exactTierOnly += 1;
      items.push(item);
    }
    counts.requests += rows.length;
    counts.items += items.length;
    await options.onItems(items);
    options.onProgress?.({ label: "reading requests", done: counts.requests, total: null, unit: "requests" });
  }
  return counts;
}

/** A row of cache-requests.sql. */
interface CacheRequestRow {
  request_id: string;
  session: string;
  tenant: string | null;
  app: string | null;
  endpoint: string | null;
  created_at: number;
  model: string;
  content_state: string;
  system_text: string | null;
  system_hash: string | null;
  system_chars: number | null;
  user_text: string | null;
  history_json: string | null;
  history_turns: number | null;
  output_text: string | null;
  prompt_hash: string | null;
  tools_hash: string | null;
  n_tools: number | null;
  attachments: number;
  has_json_schema: boolean | null;
  temperature: number | null;
  max_tokens: number | null;
  status: string;
  finish_reason: string | null;
  billed_usd: number | null;
}

function whyLeftOut(row: CacheRequestRow): string | null {
  if (row.status !== "ok" && row.status !== "partial") return "failed";
  if (row.endpoint === "embeddings") return "embeddings";
  if (!hasWholeText(row) && row.prompt_hash === null) return "no_prompt";
  return null;
}

/** Whether all that decides the answer is known as text. A cut text shares its beginning with too many others. */
function hasWholeText(row: CacheRequestRow): boolean {
  return (
    (row.content_state === "full" || row.content_state === "redacted") &&
    (row.user_text ?? "").trim() !== "" &&
    (row.history_json !== null || (row.history_turns ?? 0) === 0) &&
    (row.system_hash !== null || row.system_text !== null || (row.system_chars ?? 0) === 0)
  );
}

function itemOf(
  row: CacheRequestRow,
  session: number,
  { answers, countTokens }: WorkspaceItemOptions,
): TracedItem {
  const isWhole = hasWholeText(row);
  const text = isWhole ? row.user_text! : "";
  const scope = scopeOf(row, isWhole);
  return {
    id: row.request_id,
    text,
    scope,
    exactKey: hashExact(scope, text),
    lastTurnKey: hashExact(row.tenant ?? "", isWhole ? text : scope),
    segment: row.app ?? "default",
    session,
    tenant: row.tenant ?? "",
    createdAt: row.created_at,
    at: row.created_at / 1e6,
    answerGroup: (row.output_text ?? "").trim() === "" ? -1 : answers.groupOf(scope, row.output_text!),
    truth: -1,
    neverCache: whyUnfit(row) ?? whyNeverCache(row, isWhole),
    costUsd: row.billed_usd,
    embedTokens: countTokens?.(text) ?? 0,
  };
}

/** Everything but the last user turn; all of the prompt where its text isn't there. */
function scopeOf(row: CacheRequestRow, isWhole: boolean): string {
  const { tenant, app, tools_hash, n_tools, has_json_schema, temperature, max_tokens } = row;
  return hashScope({
    tenant,
    app,
    model: modelFamily(row.model),
    tools: tools_hash ?? n_tools,
    format: has_json_schema ? "json_schema" : null,
    params: JSON.stringify([temperature, max_tokens]),
    ...(isWhole
      ? { system: row.system_hash ?? row.system_text, history: historyOf(row) }
      : { extra: `prompt ${row.prompt_hash}` }),
  });
}

function historyOf({ history_json, history_turns }: CacheRequestRow): string | null {
  return history_json === null || history_json === "[]" || history_turns === 0 ? null : history_json;
}

/** Why the logged answer must not be kept. */
function whyUnfit(row: CacheRequestRow): string | null {
  if (row.status === "partial") return "partial_answer";
  if (row.finish_reason === "length") return "cut_answer";
  if (row.finish_reason === "content_filter" || refusal.test(row.output_text ?? "")) return "refused";
  if (row.finish_reason === "tool_calls") return "tool_call_answer";
  const isLogged = row.content_state === "full" || row.content_state === "redacted";
  return isLogged && (row.output_text ?? "").trim() === "" ? "no_answer_text" : null;
}

/** Why the request must not be answered from a cache; a text that isn't there can't say. */
function whyNeverCache(row: CacheRequestRow, isWhole: boolean): string | null {
  const [reason] = neverCacheReasons({
    text: isWhole ? row.user_text! : "not logged",
    temperature: row.temperature,
    hasToolResults: /"role": ?"(?:tool|function)"/.test(row.history_json ?? ""),
    nAttachments: row.attachments,
  });
  return reason ?? null;
}

/** How models begin when they refuse, in English. */
const refusal =
  /^\s*(?:(?:I['’]m|I am) (?:very |so |really )?sorry|Sorry|I apologi[sz]e|(?:Unfortunately, )?I (?:can(?:['’]t|not)|(?:am|['’]m) (?:not able|unable) to) (?:help|assist|answer|comply|provide|fulfil))/i;
