import { hashId, type SyntheticRequest } from "./traffic.js";

/** One line of a home-made proxy log: the provider's HTTP request and response as they went over the wire, bodies as text
 * (server-sent events for a stream), with the proxy's own columns and `synthetic: true` beside them. */
export function rawPairLine(request: SyntheticRequest): string {
  const { model, status, startMs, latencyMs } = request;
  const isAnthropic = model.provider === "anthropic";
  const host = isAnthropic ? "api.anthropic.com" : "api.openai.com";
  const isEvents = request.isStream && request.answer !== null;
  return JSON.stringify({
    source: "proxy",
    host,
    uri: `https://${host}/v1/${isAnthropic ? "messages" : "chat/completions"}`,
    method: "POST",
    status,
    date: new Date(startMs + latencyMs).toUTCString(),
    started_at: new Date(startMs).toISOString(),
    latency_ms: latencyMs,
    ttft_ms: request.ttftMs,
    processing_ms: String(latencyMs),
    request_id: request.id,
    content_type: isEvents ? "text/event-stream; charset=utf-8" : "application/json",
    app: request.app.name,
    tenant: request.tenant,
    user: request.user,
    session_id: request.sessionId,
    logical_id: request.logicalId,
    attempt_no: request.attemptNo,
    synthetic: true,
    request_body: JSON.stringify(isAnthropic ? anthropicRequest(request) : openaiRequest(request)),
    response_body: responseBody(request, isAnthropic, isEvents),
  });
}

function responseBody(request: SyntheticRequest, isAnthropic: boolean, isEvents: boolean): string {
  if (request.answer === null)
    return JSON.stringify(isAnthropic ? anthropicError(request) : openaiError(request));
  if (isEvents) return isAnthropic ? anthropicEvents(request) : openaiEvents(request);
  return JSON.stringify(isAnthropic ? anthropicMessage(request) : openaiCompletion(request));
}

function openaiRequest({ app, model, history, userText, isStream, user }: SyntheticRequest): object {
  return {
    model: model.name,
    messages: [{ role: "system", content: app.system }, ...history, { role: "user", content: userText }],
    ...(app.maxTokens === null ? {} : { max_completion_tokens: app.maxTokens }),
    ...(app.temperature === null ? {} : { temperature: app.temperature }),
    stream: isStream,
    ...(isStream ? { stream_options: { include_usage: true } } : {}),
    safety_identifier: user,
  };
}

function anthropicRequest({ app, model, history, userText, isStream, user }: SyntheticRequest): object {
  return {
    model: model.name,
    max_tokens: app.maxTokens ?? 4096,
    system: [{ type: "text", text: app.system, cache_control: { type: "ephemeral" } }],
    messages: [...history, { role: "user", content: userText }],
    ...(app.temperature === null ? {} : { temperature: app.temperature }),
    stream: isStream,
    metadata: { user_id: user },
  };
}

function openaiUsage({ usage }: SyntheticRequest): object {
  const { inputUncached, inputCacheRead, output } = usage!;
  return {
    prompt_tokens: inputUncached + inputCacheRead,
    completion_tokens: output,
    total_tokens: inputUncached + inputCacheRead + output,
    prompt_tokens_details: { cached_tokens: inputCacheRead, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function openaiCompletion(request: SyntheticRequest): object {
  return {
    id: completionId(request),
    object: "chat.completion",
    created: Math.floor(request.startMs / 1_000),
    model: request.model.servedName,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: request.answer, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: openaiUsage(request),
    service_tier: "default",
    system_fingerprint: "fp_synthetic",
  };
}

function openaiEvents(request: SyntheticRequest): string {
  const chunk = (choices: object[], usage: object | null) => ({
    id: completionId(request),
    object: "chat.completion.chunk",
    created: Math.floor(request.startMs / 1_000),
    model: request.model.servedName,
    service_tier: "default",
    system_fingerprint: "fp_synthetic",
    choices,
    usage,
  });
  const delta = (content: object, finishReason: string | null) => [
    { index: 0, delta: content, logprobs: null, finish_reason: finishReason },
  ];
  const events = [
    chunk(delta({ role: "assistant", content: "", refusal: null }, null), null),
    ...pieces(request.answer!).map((content) => chunk(delta({ content }, null), null)),
    chunk(delta({}, "stop"), null),
    chunk([], openaiUsage(request)),
  ];
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
}

function openaiError({ status }: SyntheticRequest): object {
  const [type, message] =
    status === 429
      ? ["requests", "Rate limit reached for requests"]
      : ["server_error", "The server had an error while processing your request"];
  return { error: { message, type, param: null, code: status === 429 ? "rate_limit_exceeded" : null } };
}

function anthropicUsage({ usage }: SyntheticRequest, output: number): object {
  return {
    input_tokens: usage!.inputUncached,
    cache_creation_input_tokens: usage!.inputCacheWrite,
    cache_read_input_tokens: usage!.inputCacheRead,
    cache_creation: { ephemeral_5m_input_tokens: usage!.inputCacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    service_tier: "standard",
  };
}

function anthropicMessage(request: SyntheticRequest): object {
  return {
    model: request.model.servedName,
    id: messageId(request),
    type: "message",
    role: "assistant",
    content: [{ type: "text", text: request.answer }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: anthropicUsage(request, request.usage!.output),
  };
}

function anthropicEvents(request: SyntheticRequest): string {
  const start = {
    ...anthropicMessage(request),
    content: [],
    stop_reason: null,
    usage: anthropicUsage(request, 1),
  };
  const events: Array<[string, object]> = [
    ["message_start", { message: start }],
    ["content_block_start", { index: 0, content_block: { type: "text", text: "" } }],
    ["ping", {}],
    ...pieces(request.answer!).map((text): [string, object] => [
      "content_block_delta",
      { index: 0, delta: { type: "text_delta", text } },
    ]),
    ["content_block_stop", { index: 0 }],
    [
      "message_delta",
      {
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: request.usage!.output },
      },
    ],
    ["message_stop", {}],
  ];
  return events
    .map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
    .join("");
}

function anthropicError({ status }: SyntheticRequest): object {
  const [type, message] =
    status === 429
      ? ["rate_limit_error", "This request would exceed your rate limit."]
      : ["api_error", "Internal server error"];
  return { type: "error", error: { type, message } };
}

function completionId(request: SyntheticRequest): string {
  return `chatcmpl-${hashId(29, "completion", request.id)}`;
}

function messageId(request: SyntheticRequest): string {
  return `msg_${hashId(24, "message", request.id)}`;
}

/** A text in the chunks that a stream brings it in. */
function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,160}/g) ?? [];
}
