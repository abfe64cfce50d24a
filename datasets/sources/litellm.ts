import { canonicalProvider, providerOfUrl } from "../prices/provider-names.js";
import { type NormalisedUsage, normaliseUsage } from "../tokens/normalise-usage.js";
import { readConversation } from "./conversation.js";
import { classifyError } from "./error-class.js";
import { finishReason } from "./finish-reason.js";
import {
  asArray,
  asBoolean,
  asNumber,
  asRecord,
  asString,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
  printed,
  toJson,
} from "./json-access.js";
import { readAnswer } from "./provider/answer.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";

/** LiteLLM's two logs: StandardLoggingPayload (S3, GCS, Pub/Sub, file, Datadog) and rows of the LiteLLM_SpendLogs table, as JSON
 * of the API or as CSV of COPY. LiteLLM counts cache reads and writes inside prompt_tokens, for Anthropic too. */
export const litellmSource: Source = {
  name: "litellm",
  title: "LiteLLM (StandardLoggingPayload, SpendLogs)",
  score: scoreRow,
  explode: explodeRows,
  map: mapRow,
};

function scoreRow(line: unknown): number {
  const record = asRecord(line);
  if (record === null) return 0;
  const own = scoreFields(record);
  if (own > 0) return own;
  const rows = explodeRows(line);
  return rows.length > 0 && rows[0] !== line ? scoreFields(asRecord(rows[0]) ?? {}) : 0;
}

function scoreFields(record: JsonRecord): number {
  const has = (...names: string[]) => names.every((name) => name in record);
  if (!has("call_type")) return 0;
  if (
    has("spend", "request_id") ||
    (has("response_cost") && (has("hidden_params") || has("model_map_information")))
  )
    return 1;
  return has("startTime", "model") && (has("spend") || has("response_cost") || has("custom_llm_provider"))
    ? 0.7
    : 0;
}

/** The API pages its rows ({data: [...]}); Datadog and Pub/Sub wrap the payload as text. */
function explodeRows(line: unknown): unknown[] {
  const record = asRecord(line);
  if (record === null || "call_type" in record) return [line];
  const wrapped = asRecord(parseEmbedded(firstOf(record, ["message", "payload", "standard_logging_object"])));
  if (wrapped !== null && scoreFields(wrapped) > 0) return [wrapped];
  const rows = asArray(firstOf(record, ["data", "spend_logs", "logs"]));
  return rows?.some((row) => scoreFields(asRecord(row) ?? {}) > 0) ? rows : [line];
}

function mapRow(record: unknown): Mapped {
  const row = asRecord(record);
  if (row === null || scoreFields(row) === 0) {
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no call_type beside a cost and a model: not a LiteLLM row",
    };
  }
  const endpoint = endpointOf(printed(row.call_type) ?? "");
  if (endpoint === null)
    return { kind: "skipped", reason: "not_an_llm_call", detail: `call_type is ${printed(row.call_type)}` };
  const metadata = asRecord(parseEmbedded(row.metadata)) ?? {};
  const response = parseEmbedded(row.response);
  const answer = readAnswer(response);
  const failed = failureOf(row, metadata);
  const provider =
    canonicalProvider(asString(row.custom_llm_provider)) ?? providerOfUrl(asString(row.api_base));
  const { usage, raw } = usageOf(row, metadata, asRecord(response), provider);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const counted = usage !== null && !(failed !== null && isZero(usage));
  const createdAt = readTimestamp(row.startTime);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...identityOf(row, metadata),
      endpoint,
      createdAt,
      ...timingOf(row, createdAt),
      ...modelsOf(row, metadata, answer.model),
      provider,
      gateway: "litellm",
      ...contentOf(row, response, answer.text),
      usage: counted ? usage.usage : null,
      usageRaw: counted ? raw : null,
      costReportedUsd: firstNumber(row, ["response_cost", "spend"]),
      status:
        failed === null
          ? "ok"
          : counted && usage.usage.outputText + usage.usage.outputReasoning > 0
            ? "partial"
            : "error",
      httpStatus: failed?.httpStatus ?? null,
      errorClass: failed?.errorClass ?? null,
      finishReason: finishReason(answer.finishReason),
      isStream: streamOf(row),
      cacheStatus: cacheOf(row.cache_hit),
      serviceTier:
        answer.serviceTier ?? firstString(asRecord(parseEmbedded(row.model_parameters)), ["service_tier"]),
    },
  };
}

/** The canonical operation of a call_type; null for what is no call of a language model. */
function endpointOf(callType: string): string | null {
  const plain = callType
    .toLowerCase()
    .replace(
      /^_?a(?=(completion|text_completion|embedding|responses|generate_content|image|speech|transcription|moderation|rerank))/,
      "",
    );
  if (
    /image|speech|transcription|moderation|rerank|mcp|vector_store|file|batch|fine_?tun|ocr|search|video|health|realtime|list_|get_|delete_|retrieve|cancel|count_tokens/.test(
      plain,
    )
  )
    return null;
  if (/^(completion|chat_completion)/.test(plain)) return "chat";
  if (/text_completion/.test(plain)) return "completions";
  if (/embedding/.test(plain)) return "embeddings";
  if (/responses/.test(plain)) return "responses";
  if (/generate_content/.test(plain)) return "generate_content";
  return /messages/.test(plain) ? "messages" : plain || "chat";
}

function identityOf(row: JsonRecord, metadata: JsonRecord): Partial<RequestDraft> {
  const own = asRecord(parseEmbedded(metadata.spend_logs_metadata));
  const retries = firstNumber(metadata, ["attempted_retries"]);
  const fallbacks = firstNumber(metadata, ["attempted_fallbacks"]);
  return {
    id: firstString(row, ["request_id", "id", "litellm_call_id"]),
    attemptNo: retries === null && fallbacks === null ? null : 1 + (retries ?? 0) + (fallbacks ?? 0),
    logicalId:
      firstString(own, ["logical_id", "logical_request_id"]) ??
      firstString(row, ["call_id", "litellm_call_id"]),
    sessionId:
      firstString(own, ["session_id", "conversation_id"]) ?? firstString(row, ["session_id", "trace_id"]),
    tenant:
      firstString(metadata, ["user_api_key_team_alias"]) ??
      firstString(row, ["team_id"]) ??
      firstString(metadata, ["user_api_key_team_id", "user_api_key_org_id"]) ??
      firstString(row, ["organization_id"]),
    user:
      firstString(row, ["end_user"]) ??
      firstString(metadata, ["user_api_key_end_user_id"]) ??
      firstString(row, ["user"]) ??
      firstString(metadata, ["user_api_key_user_id"]),
    app:
      firstString(metadata, ["user_api_key_alias"]) ??
      firstTag(row.request_tags) ??
      firstString(row, ["agent_id"]),
    // LiteLLM stores the key's SHA-256.
    apiKey:
      firstString(metadata, ["user_api_key_alias", "user_api_key_hash", "user_api_key"]) ??
      firstString(row, ["api_key"]),
  };
}

/** LiteLLM itself tags each request with its caller's user agent. */
function firstTag(tags: unknown): string | null {
  const list = (asArray(parseEmbedded(tags)) ?? []).filter(
    (tag): tag is string => typeof tag === "string" && tag !== "",
  );
  return list.find((tag) => !tag.startsWith("User-Agent:")) ?? null;
}

function timingOf(
  row: JsonRecord,
  createdAt: number | null,
): { latencyMs: number | null; ttftMs: number | null } {
  const endedAt = readTimestamp(row.endTime);
  const seconds = asNumber(row.response_time);
  const latencyMs =
    createdAt !== null && endedAt !== null
      ? (endedAt - createdAt) / 1000
      : seconds === null
        ? null
        : seconds * 1000;
  const firstToken = readTimestamp(row.completionStartTime);
  // Without a stream LiteLLM repeats the end here.
  const isFirst =
    createdAt !== null &&
    firstToken !== null &&
    firstToken >= createdAt &&
    (endedAt === null || firstToken < endedAt);
  return { latencyMs, ttftMs: isFirst ? (firstToken - createdAt) / 1000 : null };
}

function modelsOf(
  row: JsonRecord,
  metadata: JsonRecord,
  answered: string | null,
): { modelRequested: string | null; modelServed: string | null } {
  const map =
    asRecord(parseEmbedded(row.model_map_information)) ??
    asRecord(parseEmbedded(metadata.model_map_information));
  const model = firstString(row, ["model"]);
  return {
    modelRequested:
      firstString(metadata, ["original_model_group"]) ?? firstString(row, ["model_group"]) ?? model,
    // The key that LiteLLM priced by resolves what a deployment's name hides.
    modelServed: answered ?? firstString(map, ["model_map_key"]) ?? model,
  };
}

/** The row's counts are the whole; the usage object says what of them was cache and reasoning. */
function usageOf(
  row: JsonRecord,
  metadata: JsonRecord,
  response: JsonRecord | null,
  provider: string | null,
): { usage: NormalisedUsage | null; raw: unknown } {
  const details =
    asRecord(parseEmbedded(metadata.usage_object)) ??
    asRecord(asRecord(parseEmbedded(row.hidden_params))?.usage_object) ??
    asRecord(response?.usage) ??
    asRecord(parseEmbedded(metadata.additional_usage_values)) ??
    {};
  const input =
    firstNumber(row, ["prompt_tokens"]) ?? firstNumber(details, ["prompt_tokens", "input_tokens"]);
  const output =
    firstNumber(row, ["completion_tokens"]) ?? firstNumber(details, ["completion_tokens", "output_tokens"]);
  if (input === null && output === null) return { usage: null, raw: null };
  const { input_tokens: _input, output_tokens: _output, total_tokens: _total, ...rest } = details;
  const raw = { ...rest, prompt_tokens: input, completion_tokens: output };
  const usage = normaliseUsage(raw, { provider, convention: "inclusive" });
  if (usage === null || !("error" in usage) || usage.error !== "cache_exceeds_input") return { usage, raw };
  // Releases before the counts were made inclusive, and pass-through routes.
  return { usage: normaliseUsage(raw, { provider, convention: "exclusive" }), raw };
}

function isZero(usage: NormalisedUsage): boolean {
  return "usage" in usage && Object.values(usage.usage).every((count) => !count);
}

function contentOf(
  row: JsonRecord,
  response: unknown,
  text: string | null,
): Pick<
  RequestDraft,
  "prompt" | "promptState" | "tools" | "output" | "temperature" | "maxTokens" | "hasJsonSchema"
> {
  const parameters = asRecord(parseEmbedded(row.model_parameters)) ?? {};
  const messages = parseEmbedded(row.messages);
  const proxied = asRecord(parseEmbedded(row.proxy_server_request)) ?? {};
  const sent = asRecord(parseEmbedded(proxied.body)) ?? proxied;
  const given = isPresent(messages)
    ? asArray(messages) === null
      ? (asRecord(messages) ?? { messages: [{ role: "user", content: messages }] })
      : { messages }
    : {};
  const conversation = readConversation({ ...sent, ...parameters, ...given });
  const found = conversation.messages.length > 0 || conversation.system !== null;
  // The words of LiteLLM are rarely there, and nothing has to be written as JSON to see that.
  const written = found && holdsWord(conversation.messages) ? (toJson(conversation.messages) ?? "") : "";
  const isRedacted = /redacted[- ]by[- ]litellm/i.test(written);
  const isRedactedAnswer = /redacted[- ]by[- ]litellm/i.test(text ?? toJson(response) ?? "");
  return {
    prompt: found && !isRedacted ? { system: conversation.system, messages: conversation.messages } : null,
    promptState: !found
      ? "none"
      : isRedacted
        ? "redacted"
        : /litellm_truncated|\.\.\. \(truncated \d+ chars/.test(written)
          ? "truncated"
          : "full",
    tools: conversation.tools,
    output: isRedactedAnswer ? null : text,
    temperature: conversation.temperature,
    maxTokens: conversation.maxTokens,
    hasJsonSchema: found || Object.keys(parameters).length > 0 ? conversation.hasJsonSchema : null,
  };
}

/** Whether any text or name in a value may be a mark that LiteLLM left: one of its redaction, or of its truncation. */
function holdsWord(value: unknown): boolean {
  if (typeof value === "string") return /litellm|\(truncated /i.test(value);
  if (typeof value !== "object" || value === null) return false;
  for (const key in value) if (holdsWord(key) || holdsWord((value as JsonRecord)[key])) return true;
  return false;
}

/** The chat rows of the database hold `{}` for messages; the prompt, if stored at all, is in proxy_server_request. */
function isPresent(messages: unknown): boolean {
  if (typeof messages === "string") return messages !== "";
  return typeof messages === "object" && messages !== null && Object.keys(messages).length > 0;
}

function failureOf(
  row: JsonRecord,
  metadata: JsonRecord,
): { httpStatus: number | null; errorClass: string } | null {
  const status =
    firstString(row, ["status"]) ??
    firstString(metadata, ["status"]) ??
    firstString(asRecord(parseEmbedded(row.status_fields)), ["llm_api_status"]);
  const message = asString(row.error_str);
  if (status === null ? message === null : !/^fail|^error/i.test(status)) return null;
  const information =
    asRecord(parseEmbedded(row.error_information)) ?? asRecord(parseEmbedded(metadata.error_information));
  const code = firstNumber(information, ["error_code"]);
  const httpStatus = code !== null && code >= 100 && code < 600 ? code : null;
  const words = [
    firstString(information, ["error_class"]),
    firstString(information, ["error_message"]),
    message,
  ];
  return {
    httpStatus,
    errorClass: classifyError(httpStatus, words.filter((word) => word !== null).join(": ")),
  };
}

function streamOf(row: JsonRecord): boolean | null {
  const parameters = asRecord(parseEmbedded(row.model_parameters));
  const sent = asRecord(parseEmbedded(row.proxy_server_request));
  return asBoolean(row.stream) ?? asBoolean(parameters?.stream) ?? asBoolean(sent?.stream);
}

/** A boolean, null, or Python's words for them as text. */
function cacheOf(hit: unknown): "hit" | "miss" | null {
  const word = printed(hit ?? "").toLowerCase();
  return word === "true" ? "hit" : word === "false" ? "miss" : null;
}
