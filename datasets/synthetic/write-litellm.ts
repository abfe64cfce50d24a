import { hashId, type SyntheticRequest } from "./traffic.js";

/** One line of a LiteLLM StandardLoggingPayload log (what its S3, GCS and file loggers write). Tagged "synthetic". */
export function litellmLine(request: SyntheticRequest): string {
  const { app, model, usage, history, userText, startMs, latencyMs, ttftMs } = request;
  const endMs = startMs + latencyMs;
  const failure = request.answer === null ? failures[request.status] : null;
  const promptTokens = usage ? usage.inputUncached + usage.inputCacheRead + usage.inputCacheWrite : 0;
  const completionTokens = usage?.output ?? 0;
  const cost = usage?.costUsd ?? 0;
  return JSON.stringify({
    id: request.id,
    trace_id: request.sessionId,
    call_type: "acompletion",
    cache_hit: null,
    stream: request.isStream,
    status: failure ? "failure" : "success",
    custom_llm_provider: model.provider,
    saved_cache_cost: 0,
    startTime: startMs / 1_000,
    endTime: endMs / 1_000,
    completionStartTime: (ttftMs === null ? endMs : startMs + ttftMs) / 1_000,
    response_time: latencyMs / 1_000,
    model: model.name,
    metadata: {
      user_api_key_hash: hashId(64, "key", app.name),
      user_api_key_alias: app.name,
      user_api_key_team_id: `team-${request.tenant}`,
      user_api_key_org_id: null,
      user_api_key_user_id: null,
      user_api_key_team_alias: request.tenant,
      user_api_key_user_email: null,
      spend_logs_metadata: { synthetic: true, session_id: request.sessionId, logical_id: request.logicalId },
      requester_ip_address: null,
      requester_metadata: { synthetic: true },
      user_api_key_end_user_id: request.user,
      prompt_management_metadata: null,
      applied_guardrails: [],
      attempted_retries: request.attemptNo - 1,
    },
    cache_key: null,
    response_cost: cost,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    request_tags: ["synthetic", app.name],
    end_user: request.user,
    api_base: "https://api.openai.com/v1/",
    model_group: model.name,
    model_id: hashId(64, "deployment", model.name),
    requester_ip_address: null,
    messages: [{ role: "system", content: app.system }, ...history, { role: "user", content: userText }],
    response: failure ? {} : completion(request, promptTokens, completionTokens),
    model_parameters: {
      stream: request.isStream,
      ...(app.temperature === null ? {} : { temperature: app.temperature }),
      ...(app.maxTokens === null ? {} : { max_tokens: app.maxTokens }),
    },
    hidden_params: {
      model_id: hashId(64, "deployment", model.name),
      cache_key: null,
      api_base: "https://api.openai.com",
      response_cost: cost,
      additional_headers: {},
      litellm_overhead_time_ms: 2.5,
      batch_models: null,
      litellm_model_name: model.name,
    },
    model_map_information: {
      model_map_key: model.name,
      model_map_value: {
        key: model.name,
        input_cost_per_token: model.usdPerMTok.input / 1e6,
        cache_read_input_token_cost: model.usdPerMTok.cacheRead / 1e6,
        output_cost_per_token: model.usdPerMTok.output / 1e6,
        litellm_provider: model.provider,
        mode: "chat",
      },
    },
    error_str: failure ? `${failure.error_class}: ${failure.error_message}` : null,
    error_information: failure
      ? { error_code: String(request.status), llm_provider: model.provider, traceback: "", ...failure }
      : { error_code: "", error_class: "", llm_provider: "", traceback: "", error_message: "" },
    response_cost_failure_debug_info: null,
    guardrail_information: null,
    standard_built_in_tools_params: { web_search_options: null, file_search: null },
  });
}

const failures: Record<number, { error_class: string; error_message: string }> = {
  429: { error_class: "RateLimitError", error_message: "Rate limit reached for requests" },
  500: {
    error_class: "InternalServerError",
    error_message: "The server had an error while processing your request",
  },
  504: { error_class: "Timeout", error_message: "Request timed out" },
};

function completion(request: SyntheticRequest, promptTokens: number, completionTokens: number): object {
  return {
    id: `chatcmpl-${hashId(29, "completion", request.id)}`,
    created: Math.floor(request.startMs / 1_000),
    model: request.model.servedName,
    object: "chat.completion",
    system_fingerprint: null,
    choices: [
      {
        finish_reason: "stop",
        index: 0,
        message: {
          content: request.answer,
          role: "assistant",
          tool_calls: null,
          function_call: null,
          provider_specific_fields: null,
        },
      },
    ],
    usage: {
      completion_tokens: completionTokens,
      prompt_tokens: promptTokens,
      total_tokens: promptTokens + completionTokens,
      completion_tokens_details: null,
      prompt_tokens_details: { audio_tokens: null, cached_tokens: request.usage?.inputCacheRead ?? 0 },
    },
  };
}
