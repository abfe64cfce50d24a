/** How a mapped value is read. */
export type FieldKind =
  | "text"
  | "count"
  | "number"
  | "flag"
  | "time"
  | "duration"
  | "money"
  | "status"
  | "json";

interface MappingField {
  kind: FieldKind;
  about: string;
}

/** What a mapping file can fill, most of it columns of the request log under their own names. */
export const mappingFields = {
  request_id: { kind: "text", about: "Id of this attempt" },
  attempt_no: { kind: "count", about: "1 for the first attempt of a logical request" },
  logical_id: { kind: "text", about: "Joins the attempts of one logical request" },
  session_id: { kind: "text", about: "Conversation or trace" },
  tenant: { kind: "text", about: "Customer, team or organisation" },
  user: { kind: "text", about: "End user's id; only its salted hash is stored" },
  app: { kind: "text", about: "Application, service or feature that sent it" },
  api_key: { kind: "text", about: "Alias or hash of the API key, never the key" },
  endpoint: { kind: "text", about: "chat, responses, messages, embeddings, ..." },
  created_at: { kind: "time", about: "When the request was sent" },
  ended_at: { kind: "time", about: "When the last byte came: latency is ended_at - created_at" },
  first_token_at: { kind: "time", about: "When the first token came: ttft is first_token_at - created_at" },
  updated_at: { kind: "time", about: "When the record was last written: of re-exports the newest counts" },
  latency_ms: { kind: "duration", about: "From sending to the last byte" },
  ttft_ms: { kind: "duration", about: "From sending to the first output token" },
  model: { kind: "text", about: "The model, where the log has one name for it" },
  model_requested: { kind: "text", about: "Model name that the caller asked for" },
  model_served: { kind: "text", about: "Model name that answered" },
  provider: { kind: "text", about: "openai, anthropic, aws, google, azure, ..." },
  gateway: { kind: "text", about: "Gateway in between" },
  request: { kind: "json", about: "The provider's request body: messages, tools, settings are read from it" },
  response: {
    kind: "json",
    about: "The provider's response body, or its stream's text: answer, usage, model are read from it",
  },
  messages: { kind: "json", about: "Conversation as a list of messages of any provider's shape" },
  system_text: { kind: "text", about: "System prompt" },
  user_text: { kind: "text", about: "The user's prompt" },
  output_text: { kind: "text", about: "The answer" },
  tools: { kind: "json", about: "Tool definitions offered" },
  usage: { kind: "json", about: "The provider's usage object, whatever its shape" },
  input_tokens: { kind: "count", about: "Input tokens; tokens.cache says whether the cache is in them" },
  output_tokens: {
    kind: "count",
    about: "Output tokens; tokens.reasoning says whether reasoning is in them",
  },
  total_tokens: { kind: "count", about: "Input plus output: a row that contradicts it is quarantined" },
  input_cache_read_tokens: { kind: "count", about: "Input read from the prompt cache" },
  input_cache_write_5m_tokens: {
    kind: "count",
    about: "Input written to the cache (5 minutes, or no stated life)",
  },
  input_cache_write_1h_tokens: { kind: "count", about: "Input written to the cache for 1 hour" },
  output_reasoning_tokens: { kind: "count", about: "Hidden reasoning" },
  input_audio_tokens: { kind: "count", about: "Of the input: audio" },
  input_image_tokens: { kind: "count", about: "Of the input: images" },
  output_audio_tokens: { kind: "count", about: "Of the output: audio" },
  cost_reported_usd: { kind: "money", about: "What the log says it cost" },
  status: {
    kind: "status",
    about: "ok, error, cancelled, partial, words like them, a boolean or an HTTP status",
  },
  http_status: { kind: "count", about: "HTTP status of the answer" },
  error: { kind: "text", about: "Error message: its presence makes the row an error, its words the class" },
  error_class: {
    kind: "text",
    about: "rate_limit, timeout, context_length, auth, ... or the log's own word",
  },
  finish_reason: { kind: "text", about: "stop, length, tool_calls, ... in any provider's words" },
  is_stream: { kind: "flag", about: "Whether the answer was streamed" },
  cache_status: { kind: "text", about: "Gateway's response cache: hit, semantic_hit or miss" },
  feedback_score: { kind: "number", about: "Users' or evaluators' score, 0 to 1" },
  service_tier: { kind: "text", about: "default, flex, priority, batch, ..." },
  is_batch: { kind: "flag", about: "Whether it went through a batch API" },
  temperature: { kind: "number", about: "Sampling temperature asked for" },
  max_tokens: { kind: "count", about: "Output cap asked for" },
  has_json_schema: { kind: "flag", about: "Whether structured output was demanded" },
} as const satisfies Record<string, MappingField>;

/** Name of something that a mapping file can fill. */
export type MappingFieldName = keyof typeof mappingFields;

/** Units of each kind of value, the one that holds without a word first. Kinds that aren't here have no unit. */
export const mappingUnits = {
  time: {
    iso: "text: ISO 8601, RFC 7231, common log format; without a zone it is in time_zone",
    s: "seconds",
    ms: "milliseconds",
    us: "microseconds",
    ns: "nanoseconds",
    ticks: ".NET ticks: 100 ns since the year 1",
    excel: "days since 1899-12-30, as spreadsheets count",
    dmy: "text, day first: 31.12.2026 23:59, 31/12/26",
    mdy: "text, month first: 12/31/2026 11:59 PM",
    auto: "text as iso; numbers as s, ms, us or ns by their size",
  },
  duration: {
    ms: "milliseconds",
    s: "seconds",
    us: "microseconds",
    ns: "nanoseconds",
    min: "minutes",
    text: '"1.2s", "350 ms", "00:00:01.25", "PT1.2S"',
  },
  money: {
    usd: 'US dollars; a "$" before it is let pass',
    cents: "hundredths of a dollar",
    milli_usd: "thousandths of a dollar",
    micro_usd: "millionths of a dollar",
    nano_usd: "billionths of a dollar",
  },
} as const;

/** The units that a field may have; empty for a field without. */
export function unitsOf(name: MappingFieldName): string[] {
  const { kind } = mappingFields[name];
  return kind in mappingUnits ? Object.keys(mappingUnits[kind as keyof typeof mappingUnits]) : [];
}
