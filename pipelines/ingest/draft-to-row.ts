import type { PriceBook } from "../../datasets/prices/price-book.js";
import { priceDraft } from "../../datasets/prices/price-draft.js";
import type { RequestRow } from "../../datasets/request-log.js";
import type { RequestDraft } from "../../datasets/sources/source.js";
import { inputTotal, outputTotal } from "../../datasets/tokens/token-usage.js";
import { saltedHash, type Workspace } from "../../datasets/workspace.js";
import type { ContentRules } from "./content-rules.js";
import { promptColumns } from "./prompt-columns.js";

/** Where a draft came from and what may be kept of it. */
interface RowContext {
  workspace: Workspace;
  rules: ContentRules;
  prices: PriceBook;
  source: string;
  file: string;
  line: number;
  /** The record as read: the id of a record without one is derived from it. */
  raw: string;
}

/** Turn a validated draft into a canonical row: ids, content under the privacy rules, derived totals, list price.
 * @param draft with a time and a model; see validateDraft */
export function draftToRow(draft: RequestDraft, context: RowContext): RequestRow {
  const { workspace, rules, prices, source, file, line, raw } = context;
  const requestId =
    draft.id !== null ? rules.id(draft.id) : `derived-${saltedHash(workspace, `${source}\0${raw}`)}`;
  const prompt = promptColumns(draft, rules, workspace);
  const tokens = tokenColumns(draft, rules);
  const price = priceDraft(draft, prices);
  // Every column by name: an object of 68 fields that is spread together takes ten times as long to make.
  return {
    request_id: requestId,
    attempt_no: draft.attemptNo ?? 1,
    logical_id: draft.logicalId === null ? requestId : rules.id(draft.logicalId),
    session_id: rules.label(draft.sessionId),
    tenant: rules.label(draft.tenant),
    user_hash: draft.user === null ? null : saltedHash(workspace, draft.user),
    app: rules.label(draft.app),
    api_key: rules.label(draft.apiKey),
    endpoint: rules.label(draft.endpoint),
    source,
    source_file: file,
    source_line: line,
    created_at: draft.createdAt!,
    updated_at: draft.updatedAt,
    latency_ms: draft.latencyMs,
    ttft_ms: draft.ttftMs,
    model_requested: rules.label(draft.modelRequested),
    model_served: rules.label(draft.modelServed),
    model: prices.canonicalModel(rules.label(modelOf(draft))!, draft.provider),
    provider: rules.label(draft.provider),
    gateway: rules.label(draft.gateway),
    content_state: prompt.content_state,
    system_text: prompt.system_text,
    user_text: prompt.user_text,
    history_json: prompt.history_json,
    output_text: prompt.output_text,
    system_hash: prompt.system_hash,
    prompt_hash: prompt.prompt_hash,
    tools_hash: prompt.tools_hash,
    system_chars: prompt.system_chars,
    user_chars: prompt.user_chars,
    history_chars: prompt.history_chars,
    history_turns: prompt.history_turns,
    output_chars: prompt.output_chars,
    n_images: prompt.n_images,
    n_audio: prompt.n_audio,
    n_files: prompt.n_files,
    input_uncached_tokens: tokens.input_uncached_tokens,
    input_cache_read_tokens: tokens.input_cache_read_tokens,
    input_cache_write_5m_tokens: tokens.input_cache_write_5m_tokens,
    input_cache_write_1h_tokens: tokens.input_cache_write_1h_tokens,
    input_total_tokens: tokens.input_total_tokens,
    output_text_tokens: tokens.output_text_tokens,
    output_reasoning_tokens: tokens.output_reasoning_tokens,
    output_total_tokens: tokens.output_total_tokens,
    input_audio_tokens: tokens.input_audio_tokens,
    input_image_tokens: tokens.input_image_tokens,
    output_audio_tokens: tokens.output_audio_tokens,
    tokens_source: tokens.tokens_source,
    tokens_error_share: tokens.tokens_error_share,
    usage_json: tokens.usage_json,
    other_usage_json: tokens.other_usage_json,
    cost_reported_usd: draft.costReportedUsd,
    cost_list_usd: price.cost_list_usd,
    price_source: price.price_source,
    price_date: price.price_date,
    status: draft.status,
    http_status: draft.httpStatus,
    error_class: draft.errorClass,
    finish_reason: rules.label(draft.finishReason),
    is_stream: draft.isStream,
    cache_status: draft.cacheStatus,
    feedback_score: draft.feedbackScore,
    service_tier: rules.label(draft.serviceTier),
    is_batch: draft.isBatch,
    temperature: draft.temperature,
    max_tokens: draft.maxTokens,
    n_tools: draft.tools?.length ?? null,
    has_json_schema: draft.hasJsonSchema,
  };
}

/** The model that answered, else the one that was asked. */
function modelOf(draft: RequestDraft): string {
  return (draft.modelServed ?? draft.modelRequested)!;
}

type TokenColumns = Pick<
  RequestRow,
  | Extract<keyof RequestRow, `${string}_tokens`>
  | "tokens_source"
  | "tokens_error_share"
  | "usage_json"
  | "other_usage_json"
>;

function tokenColumns(draft: RequestDraft, rules: ContentRules): Omit<TokenColumns, "max_tokens"> {
  const { usage, usageRaw } = draft;
  return {
    input_uncached_tokens: usage?.inputUncached ?? null,
    input_cache_read_tokens: usage?.inputCacheRead ?? null,
    input_cache_write_5m_tokens: usage?.inputCacheWrite5m ?? null,
    input_cache_write_1h_tokens: usage?.inputCacheWrite1h ?? null,
    input_total_tokens: usage && inputTotal(usage),
    output_text_tokens: usage?.outputText ?? null,
    output_reasoning_tokens: usage?.outputReasoning ?? null,
    output_total_tokens: usage && outputTotal(usage),
    input_audio_tokens: usage?.inputAudio ?? null,
    input_image_tokens: usage?.inputImage ?? null,
    output_audio_tokens: usage?.outputAudio ?? null,
    tokens_error_share: null,
    other_usage_json: draft.otherUsage === null ? null : JSON.stringify(draft.otherUsage, labels(rules)),
    tokens_source: usage ? "logged" : "missing",
    usage_json: usageRaw == null ? null : usageJson(usageRaw, rules),
  };
}

function usageJson(usage: unknown, rules: ContentRules): string {
  return holdsText(usage) ? JSON.stringify(usage, labels(rules)) : JSON.stringify(usage);
}

function holdsText(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "string";
  return Object.values(value).some(holdsText);
}

/** A usage object may hold more than counts; its texts are treated as labels, its numbers stay untouched. */
function labels(rules: ContentRules): (key: string, value: unknown) => unknown {
  return (_key, value) => (typeof value === "string" ? rules.label(value) : value);
}
