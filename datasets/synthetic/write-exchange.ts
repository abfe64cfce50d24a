import type { CallTurn, MixedCall, ToolCall } from "./mixed-calls.js";

/** One line of a proxy's log: the provider's HTTP request and response as they went over the wire, bodies as text (streams as
 * server-sent events where the provider streams them so), with the proxy's own columns beside them. */
export function exchangeLine(call: MixedCall): string {
  const { provider, modelRequested, failure } = call;
  const isEvents = call.isStream && failure === null && provider === "openai";
  return JSON.stringify({
    request_id: call.id,
    logical_id: call.logicalId,
    attempt_no: call.attemptNo,
    session_id: call.sessionId,
    tenant: call.tenant,
    user: call.user,
    app: call.app,
    started_at: new Date(call.startMs).toISOString(),
    latency_ms: call.latencyMs,
    ttft_ms: call.ttftMs,
    method: "POST",
    uri: addresses[provider](modelRequested, call.isStream),
    status: failure?.httpStatus ?? 200,
    request_body: JSON.stringify(requestBody(call)),
    response_body: isEvents ? openaiEvents(call) : JSON.stringify(responseBody(call)),
  });
}

const addresses: Record<MixedCall["provider"], (model: string, isStream: boolean) => string> = {
  openai: () => "https://api.openai.com/v1/chat/completions",
  anthropic: () => "https://api.anthropic.com/v1/messages",
  google: (model, isStream) =>
    `https://generativelanguage.googleapis.com/v1beta/models/${model}:${isStream ? "streamGenerateContent" : "generateContent"}`,
  aws: (model, isStream) =>
    `https://bedrock-runtime.us-east-1.amazonaws.com/model/${encodeURIComponent(model)}/${isStream ? "converse-stream" : "converse"}`,
};

/** The body that the provider's API takes. */
export function requestBody(call: MixedCall): object {
  if (call.provider === "openai") return openaiRequest(call);
  if (call.provider === "anthropic") return anthropicRequest(call);
  return call.provider === "google" ? googleRequest(call) : converseRequest(call);
}

/** The body that the provider's API answers with, its error's body for a call that failed. */
export function responseBody(call: MixedCall): object {
  if (call.failure !== null)
    return { error: { message: call.failure.message, code: call.failure.httpStatus } };
  if (call.provider === "openai") return openaiResponse(call);
  if (call.provider === "anthropic") return anthropicResponse(call);
  return call.provider === "google" ? googleResponse(call) : converseResponse(call);
}

/** A chat completions request: what gateways turn every provider's calls into. */
export function openaiRequest(call: MixedCall): object {
  return {
    model: call.modelRequested,
    messages: openaiMessages(call),
    ...(call.tools.length > 0 && { tools: openaiTools(call) }),
    ...settings(call, "temperature", "max_tokens"),
    stream: call.isStream,
  };
}

/** The conversation as chat completions messages, system prompt first. */
export function openaiMessages({ system, turns }: MixedCall): object[] {
  return [...(system === null ? [] : [{ role: "system", content: system }]), ...turns.map(openaiTurn)];
}

/** Tool definitions as chat completions take them. */
export function openaiTools({ tools }: MixedCall): object[] {
  return tools.map((tool) => ({ type: "function", function: tool }));
}

/** A chat completion, with usage as OpenAI counts: cache inside the input, reasoning inside the output. */
export function openaiResponse(call: MixedCall): object {
  return {
    id: `chatcmpl-${call.id}`,
    object: "chat.completion",
    created: Math.floor(call.startMs / 1000),
    model: call.modelServed,
    choices: [{ index: 0, message: openaiAnswer(call), finish_reason: call.answer!.finish }],
    usage: openaiUsage(call),
  };
}

/** Counts as OpenAI writes them, cache writes in the fields that LiteLLM and others add. */
export function openaiUsage({ usage }: MixedCall): object {
  const { uncached, cacheRead, cacheWrite5m, cacheWrite1h, text, reasoning } = usage!;
  const input = uncached + cacheRead + cacheWrite5m + cacheWrite1h;
  return {
    prompt_tokens: input,
    completion_tokens: text + reasoning,
    total_tokens: input + text + reasoning,
    prompt_tokens_details: {
      cached_tokens: cacheRead,
      ...(cacheWrite5m + cacheWrite1h > 0 && {
        cache_creation_tokens: cacheWrite5m + cacheWrite1h,
        cache_creation_token_details: {
          ephemeral_5m_input_tokens: cacheWrite5m,
          ephemeral_1h_input_tokens: cacheWrite1h,
        },
      }),
    },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function settings({ temperature, maxTokens }: MixedCall, heat: string, cap: string): object {
  return {
    ...(temperature !== null && { [heat]: temperature }),
    ...(maxTokens !== null && { [cap]: maxTokens }),
  };
}

function openaiTurn(turn: CallTurn): object {
  if (turn.role === "tool") return { role: "tool", tool_call_id: turn.callId, content: turn.text };
  if (turn.role === "user" || turn.call === null) return { role: turn.role, content: turn.text };
  return { role: "assistant", content: turn.text, tool_calls: [openaiCall(turn.call)] };
}

function openaiCall({ id, name, input }: ToolCall): object {
  return { id, type: "function", function: { name, arguments: JSON.stringify(input) } };
}

function openaiAnswer({ answer }: MixedCall): object {
  const { text, call } = answer!;
  return { role: "assistant", content: text, ...(call !== null && { tool_calls: [openaiCall(call)] }) };
}

function openaiEvents(call: MixedCall): string {
  const { text, call: tool, finish } = call.answer!;
  const chunk = (fields: object) => ({
    id: `chatcmpl-${call.id}`,
    object: "chat.completion.chunk",
    created: Math.floor(call.startMs / 1000),
    model: call.modelServed,
    ...fields,
  });
  const delta = (fields: object, reason: string | null = null) =>
    chunk({ choices: [{ index: 0, delta: fields, finish_reason: reason }] });
  const events = [
    delta({ role: "assistant", content: "" }),
    ...(text?.match(/[\s\S]{1,20}/g) ?? []).map((piece) => delta({ content: piece })),
    ...(tool === null ? [] : [delta({ tool_calls: [{ index: 0, ...openaiCall(tool) }] })]),
    delta({}, finish),
    chunk({ choices: [], usage: openaiUsage(call) }),
  ];
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
}

function anthropicRequest(call: MixedCall): object {
  return {
    model: call.modelRequested,
    ...(call.system !== null && { system: call.system }),
    messages: call.turns.map(anthropicTurn),
    ...(call.tools.length > 0 && { tools: openaiTools(call) }),
    ...settings(call, "temperature", "max_tokens"),
    stream: call.isStream,
  };
}

function anthropicTurn(turn: CallTurn): object {
  if (turn.role === "tool")
    return { role: "user", content: [{ type: "tool_result", tool_use_id: turn.callId, content: turn.text }] };
  if (turn.role === "user" || turn.call === null) return { role: turn.role, content: turn.text };
  return {
    role: "assistant",
    content: [
      { type: "text", text: turn.text },
      { type: "tool_use", ...turn.call },
    ],
  };
}

/** Usage as Anthropic counts: the cache outside the input. */
export function anthropicUsage({ usage }: MixedCall): object {
  const { uncached, cacheRead, cacheWrite5m, cacheWrite1h, text } = usage!;
  return {
    input_tokens: uncached,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    output_tokens: text,
  };
}

function anthropicResponse(call: MixedCall): object {
  const { text, call: tool, finish } = call.answer!;
  return {
    id: `msg_${call.id}`,
    type: "message",
    role: "assistant",
    model: call.modelServed,
    content: [
      ...(text === null ? [] : [{ type: "text", text }]),
      ...(tool === null ? [] : [{ type: "tool_use", ...tool }]),
    ],
    stop_reason: { stop: "end_turn", length: "max_tokens", tool_calls: "tool_use" }[finish],
    usage: anthropicUsage(call),
  };
}

function googleRequest(call: MixedCall): object {
  return {
    ...(call.system !== null && { systemInstruction: { parts: [{ text: call.system }] } }),
    contents: call.turns.map(googleTurn),
    ...(call.tools.length > 0 && { tools: [{ functionDeclarations: openaiTools(call) }] }),
    generationConfig: settings(call, "temperature", "maxOutputTokens"),
  };
}

function googleTurn(turn: CallTurn): object {
  if (turn.role === "tool")
    return {
      role: "user",
      parts: [{ functionResponse: { id: turn.callId, name: turn.name, response: { output: turn.text } } }],
    };
  const role = turn.role === "user" ? "user" : "model";
  const call = turn.role === "assistant" ? turn.call : null;
  return { role, parts: [{ text: turn.text }, ...(call === null ? [] : [googleCall(call)])] };
}

function googleCall({ id, name, input }: ToolCall): object {
  return { functionCall: { id, name, args: input } };
}

/** Gemini counts its thoughts outside the candidates' tokens, and the cache inside the prompt's. */
function googleResponse(call: MixedCall): object {
  const { text, call: tool, finish } = call.answer!;
  const { uncached, cacheRead, text: output, reasoning } = call.usage!;
  return {
    candidates: [
      {
        content: {
          role: "model",
          parts: [...(text === null ? [] : [{ text }]), ...(tool === null ? [] : [googleCall(tool)])],
        },
        finishReason: finish === "length" ? "MAX_TOKENS" : "STOP",
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: uncached + cacheRead,
      candidatesTokenCount: output,
      totalTokenCount: uncached + cacheRead + output + reasoning,
      cachedContentTokenCount: cacheRead,
      thoughtsTokenCount: reasoning,
    },
    modelVersion: call.modelServed,
    responseId: call.id,
  };
}

function converseRequest(call: MixedCall): object {
  return {
    ...(call.system !== null && { system: [{ text: call.system }] }),
    messages: call.turns.map(converseTurn),
    inferenceConfig: settings(call, "temperature", "maxTokens"),
    ...(call.tools.length > 0 && { toolConfig: { tools: openaiTools(call) } }),
  };
}

function converseTurn(turn: CallTurn): object {
  if (turn.role === "tool")
    return {
      role: "user",
      content: [{ toolResult: { toolUseId: turn.callId, content: [{ text: turn.text }] } }],
    };
  const call = turn.role === "assistant" ? turn.call : null;
  return { role: turn.role, content: [{ text: turn.text }, ...(call === null ? [] : [converseCall(call)])] };
}

function converseCall({ id, name, input }: ToolCall): object {
  return { toolUse: { toolUseId: id, name, input } };
}

function converseResponse(call: MixedCall): object {
  const { text, call: tool, finish } = call.answer!;
  const { uncached, cacheRead, cacheWrite5m, text: output } = call.usage!;
  return {
    output: {
      message: {
        role: "assistant",
        content: [...(text === null ? [] : [{ text }]), ...(tool === null ? [] : [converseCall(tool)])],
      },
    },
    stopReason: { stop: "end_turn", length: "max_tokens", tool_calls: "tool_use" }[finish],
    usage: {
      inputTokens: uncached,
      outputTokens: output,
      totalTokens: uncached + cacheRead + cacheWrite5m + output,
      cacheReadInputTokens: cacheRead,
      cacheWriteInputTokens: cacheWrite5m,
    },
    metrics: { latencyMs: call.latencyMs },
  };
}
