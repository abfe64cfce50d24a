import { inputTokens, type MixedCall, outputTokens } from "./mixed-calls.js";
import { openaiMessages, openaiRequest, openaiResponse, openaiUsage } from "./write-exchange.js";

/** One StandardLoggingPayload of LiteLLM, as its object storage and file loggers write it. */
export function litellmPayloadLine(call: MixedCall): string {
  const { messages, model: _, ...parameters } = openaiRequest(call) as Record<string, unknown>;
  return JSON.stringify({
    ...litellmRow(call),
    id: call.id,
    startTime: call.startMs / 1000,
    endTime: (call.startMs + call.latencyMs) / 1000,
    completionStartTime: (call.startMs + (call.ttftMs ?? call.latencyMs)) / 1000,
    response_cost: call.costUsd ?? 0,
    stream: call.isStream,
    messages,
    response: call.failure === null ? openaiResponse(call) : {},
    model_parameters: parameters,
    error_str: call.failure?.message ?? null,
    error_information: errorInformation(call),
    hidden_params: {},
    metadata: litellmMetadata(call),
  });
}

/** One row of LiteLLM's table of spend logs with stored prompts, as its API gives it. */
export function litellmSpendLine(call: MixedCall): string {
  const naive = (ms: number) => new Date(ms).toISOString().replace("T", " ").replace("Z", "");
  return JSON.stringify({
    ...litellmRow(call),
    request_id: call.id,
    spend: call.costUsd ?? 0,
    startTime: naive(call.startMs),
    endTime: naive(call.startMs + call.latencyMs),
    completionStartTime: naive(call.startMs + (call.ttftMs ?? call.latencyMs)),
    messages: {},
    response: JSON.stringify(call.failure === null ? openaiResponse(call) : {}),
    proxy_server_request: JSON.stringify(openaiRequest(call)),
    metadata: JSON.stringify({
      ...litellmMetadata(call),
      ...(call.usage && { usage_object: openaiUsage(call) }),
      error_information: errorInformation(call),
    }),
  });
}

function litellmRow(call: MixedCall): object {
  const { usage } = call;
  return {
    call_type: "acompletion",
    status: call.failure === null ? "success" : "failure",
    custom_llm_provider: { openai: "openai", anthropic: "anthropic", google: "gemini", aws: "bedrock" }[
      call.provider
    ],
    model: call.modelRequested,
    model_group: call.modelRequested,
    prompt_tokens: usage === null ? 0 : inputTokens(usage),
    completion_tokens: usage === null ? 0 : outputTokens(usage),
    total_tokens: usage === null ? 0 : inputTokens(usage) + outputTokens(usage),
    cache_hit: "None",
    end_user: call.user,
    request_tags: [call.app],
  };
}

function litellmMetadata(call: MixedCall): object {
  return {
    user_api_key_alias: call.apiKey,
    user_api_key_team_alias: call.tenant,
    spend_logs_metadata: { session_id: call.sessionId, logical_id: call.logicalId },
    attempted_retries: call.attemptNo - 1,
  };
}

function errorInformation({ failure }: MixedCall): object | null {
  if (failure === null) return null;
  const name = { rate_limit: "RateLimitError", server: "InternalServerError" }[failure.errorClass];
  return { error_code: String(failure.httpStatus), error_class: name, error_message: failure.message };
}

/** One row of Langfuse's export of observations. */
export function langfuseLine(call: MixedCall): string {
  const { usage, failure } = call;
  const at = (ms: number) => new Date(ms).toISOString();
  const details = usage && {
    input: usage.uncached,
    input_cached_tokens: usage.cacheRead,
    input_cache_creation: usage.cacheWrite5m,
    input_cache_creation_1h: usage.cacheWrite1h,
    output: usage.text,
    output_reasoning_tokens: usage.reasoning,
    total: inputTokens(usage) + outputTokens(usage),
  };
  return JSON.stringify({
    id: call.id,
    trace_id: call.logicalId,
    type: "GENERATION",
    environment: call.tenant,
    parent_observation_id: null,
    session_id: call.sessionId,
    user_id: call.user,
    service_name: call.app,
    start_time: at(call.startMs),
    end_time: at(call.startMs + call.latencyMs),
    completion_start_time: call.ttftMs === null ? null : at(call.startMs + call.ttftMs),
    provided_model_name: failure === null ? call.modelServed : call.modelRequested,
    metadata: {
      attributes: { "gen_ai.request.model": call.modelRequested, "gen_ai.provider.name": call.provider },
    },
    model_parameters: JSON.stringify({
      ...(call.temperature !== null && { temperature: call.temperature }),
      ...(call.maxTokens !== null && { max_tokens: call.maxTokens }),
    }),
    input: JSON.stringify({
      messages: openaiMessages(call),
      tools: (openaiRequest(call) as { tools?: unknown }).tools,
    }),
    output: failure === null ? JSON.stringify(openaiResponse(call)) : null,
    level: failure === null ? "DEFAULT" : "ERROR",
    status_message: failure?.message ?? null,
    usage_details: details ?? {},
    cost_details: call.costUsd === null ? {} : { total: call.costUsd },
    total_cost: call.costUsd,
  });
}

/** One record of AWS Bedrock's model invocation log; for calls of that provider only. */
export function bedrockLine(call: MixedCall, bodies: { request: object; response: object }): string {
  const { usage, failure } = call;
  return JSON.stringify({
    schemaType: "ModelInvocationLog",
    schemaVersion: "1.0",
    timestamp: new Date(call.startMs).toISOString().replace(/\.\d+/, ""),
    accountId: "123456789012",
    region: "us-east-1",
    requestId: call.id,
    operation: call.isStream ? "ConverseStream" : "Converse",
    modelId: call.modelRequested,
    requestMetadata: { session_id: call.sessionId, tenant: call.tenant, user: call.user, app: call.app },
    ...(failure && {
      errorCode: { 429: "ThrottlingException", 500: "InternalServerException" }[failure.httpStatus],
    }),
    input: {
      inputContentType: "application/json",
      inputBodyJson: bodies.request,
      ...(usage && {
        inputTokenCount: usage.uncached,
        cacheReadInputTokenCount: usage.cacheRead,
        cacheWriteInputTokenCount: usage.cacheWrite5m,
      }),
    },
    ...(usage && {
      output: {
        outputContentType: "application/json",
        outputBodyJson: bodies.response,
        outputTokenCount: usage.text,
      },
    }),
  });
}
