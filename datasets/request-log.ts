import { defineTable, type RowOf } from "./table.js";

/** The canonical request log. Row type, validation, DDL and docs/request-log.md are all derived from this table.
 *
 * Input tokens are stored in disjoint parts: `input_total_tokens` is the sum of uncached, cache read and both cache
 * writes; `output_total_tokens` is the sum of text and reasoning. Audio and image counts are *of which* figures: they
 * are already inside the parts. NULL means the source did not say; it is never replaced by zero. */
export const requestLog = defineTable({
  name: "requests",
  grain: "one row per attempt: a retry or a fallback is a row of its own",
  columns: {
    request_id: { type: "VARCHAR", required: true, about: "Id of this attempt, unique in the workspace" },
    attempt_no: { type: "INTEGER", required: true, about: "1 for the first attempt of a logical request" },
    logical_id: { type: "VARCHAR", required: true, about: "Joins the attempts of one logical request" },
    session_id: { type: "VARCHAR", about: "Conversation or trace that the request belongs to" },
    tenant: { type: "VARCHAR", about: "Customer, team or organisation" },
    user_hash: { type: "VARCHAR", about: "Salted hash of the end user's id" },
    app: { type: "VARCHAR", about: "Application, service, key alias or tag that sent it" },
    api_key: { type: "VARCHAR", about: "Alias or hash under which the log knows the API key; never the key" },
    endpoint: { type: "VARCHAR", about: "API operation: chat, responses, messages, embeddings, ..." },
    source: { type: "VARCHAR", required: true, about: "Log format that the row was read from" },
    source_file: { type: "VARCHAR", required: true, about: "File that the row was read from" },
    source_line: { type: "BIGINT", required: true, about: "Line (or element) of that file, counted from 1" },

    created_at: { type: "TIMESTAMP", required: true, unit: "UTC", about: "When the request was sent" },
    updated_at: {
      type: "TIMESTAMP",
      unit: "UTC",
      about: "When the source last wrote the record: of two records of one attempt the newest counts",
    },
    latency_ms: { type: "DOUBLE", unit: "ms", about: "From sending to the last byte" },
    ttft_ms: { type: "DOUBLE", unit: "ms", about: "From sending to the first output token" },

    model_requested: { type: "VARCHAR", about: "Model name that the caller asked for, as written" },
    model_served: { type: "VARCHAR", about: "Model name that answered, as written" },
    model: { type: "VARCHAR", required: true, about: "Canonical model name, the key of the price book" },
    provider: { type: "VARCHAR", about: "Who served it: openai, anthropic, aws, google, azure, ..." },
    gateway: { type: "VARCHAR", about: "Gateway in between, when the log is a gateway's" },

    content_state: { type: "VARCHAR", required: true, about: "full, redacted, hashed, truncated or none" },
    system_text: { type: "VARCHAR", about: "System prompt" },
    user_text: { type: "VARCHAR", about: "Last user turn" },
    history_json: {
      type: "VARCHAR",
      about: "Turns between the system prompt and the last user turn, JSON [{role, content}]",
    },
    output_text: { type: "VARCHAR", about: "Text of the answer" },
    system_hash: { type: "VARCHAR", about: "Salted hash of the system prompt" },
    prompt_hash: { type: "VARCHAR", about: "Salted hash of system prompt, history and last user turn" },
    tools_hash: { type: "VARCHAR", about: "Salted hash of the tool definitions" },
    system_chars: { type: "BIGINT", unit: "characters", about: "Length of the system prompt" },
    user_chars: { type: "BIGINT", unit: "characters", about: "Length of the last user turn" },
    history_chars: { type: "BIGINT", unit: "characters", about: "Length of the turns in between" },
    history_turns: {
      type: "INTEGER",
      about: "Number of turns before the last user turn, system prompt apart",
    },
    output_chars: { type: "BIGINT", unit: "characters", about: "Length of the answer" },
    n_images: { type: "INTEGER", about: "Images attached to the prompt" },
    n_audio: { type: "INTEGER", about: "Audio parts attached to the prompt" },
    n_files: { type: "INTEGER", about: "Files and documents attached to the prompt" },

    input_uncached_tokens: { type: "BIGINT", unit: "tokens", about: "Input billed at the full input price" },
    input_cache_read_tokens: {
      type: "BIGINT",
      unit: "tokens",
      about: "Input read from the provider's prompt cache",
    },
    input_cache_write_5m_tokens: {
      type: "BIGINT",
      unit: "tokens",
      about: "Input written to the prompt cache (5 minutes, or no stated life)",
    },
    input_cache_write_1h_tokens: {
      type: "BIGINT",
      unit: "tokens",
      about: "Input written to the prompt cache for 1 hour",
    },
    input_total_tokens: { type: "BIGINT", unit: "tokens", about: "Sum of the four input parts" },
    output_text_tokens: { type: "BIGINT", unit: "tokens", about: "Output other than reasoning" },
    output_reasoning_tokens: { type: "BIGINT", unit: "tokens", about: "Hidden reasoning, billed as output" },
    output_total_tokens: { type: "BIGINT", unit: "tokens", about: "Sum of text and reasoning output" },
    input_audio_tokens: { type: "BIGINT", unit: "tokens", about: "Of the input: audio" },
    input_image_tokens: { type: "BIGINT", unit: "tokens", about: "Of the input: images" },
    output_audio_tokens: { type: "BIGINT", unit: "tokens", about: "Of the output: audio" },
    tokens_source: {
      type: "VARCHAR",
      required: true,
      about: "logged (the source's usage), counted (an exact tokenizer), estimated, or missing",
    },
    tokens_error_share: {
      type: "DOUBLE",
      about: "Half width of the 90 % error band of counted or estimated tokens, as a share of them",
    },
    usage_json: { type: "VARCHAR", about: "The source's usage object, untouched" },
    other_usage_json: {
      type: "VARCHAR",
      about:
        "Usage of other models inside the same call, JSON [{model, usage}]; it is in cost_list_usd, not in the token columns",
    },

    cost_reported_usd: { type: "DOUBLE", unit: "USD", about: "What the source says it cost" },
    cost_list_usd: {
      type: "DOUBLE",
      unit: "USD",
      about: "What our price book says at the request's date; NULL when unknown, never 0 for unknown",
    },
    price_source: { type: "VARCHAR", about: "Price list that cost_list_usd came from, or why there is none" },
    price_date: { type: "VARCHAR", about: "Date that the price is valid for, YYYY-MM-DD" },

    status: { type: "VARCHAR", required: true, about: "ok, error, cancelled or partial" },
    http_status: { type: "INTEGER", about: "HTTP status of the answer" },
    error_class: {
      type: "VARCHAR",
      about: "rate_limit, timeout, context_length, auth, invalid_request, server, content_filter or other",
    },
    finish_reason: {
      type: "VARCHAR",
      about: "stop, length, tool_calls, content_filter, or the source's own word",
    },
    is_stream: { type: "BOOLEAN", about: "Whether the answer was streamed" },
    cache_status: { type: "VARCHAR", about: "Gateway's response cache: hit, semantic_hit or miss" },
    feedback_score: { type: "DOUBLE", about: "Users' or evaluators' score where the log has one, 0 to 1" },

    service_tier: { type: "VARCHAR", about: "default, flex, priority, batch, ..." },
    is_batch: { type: "BOOLEAN", about: "Whether it went through a batch API" },
    temperature: { type: "DOUBLE", about: "Sampling temperature asked for" },
    max_tokens: { type: "BIGINT", unit: "tokens", about: "Output cap asked for" },
    n_tools: { type: "INTEGER", about: "Tools offered" },
    has_json_schema: { type: "BOOLEAN", about: "Whether structured output was demanded" },
  },
});

/** One canonical request: see {@link requestLog}. `created_at` is microseconds since 1970, UTC. */
export type RequestRow = RowOf<typeof requestLog>;
