import { type CallTurn, inputTokens, type MixedCall, outputTokens, type ToolCall } from "./mixed-calls.js";
import { hashId } from "./traffic.js";
import { anthropicUsage, openaiTools } from "./write-exchange.js";

/** One OTLP/JSON export with a span of the GenAI conventions per call; Anthropic's own usage object rides along as the AI SDK carries it,
 * for the conventions don't tell how long a cache entry lives. */
export function spanLine(call: MixedCall): string {
  const { usage, answer, failure } = call;
  const request: Array<[string, unknown]> = [
    ["gen_ai.operation.name", "chat"],
    ["gen_ai.provider.name", call.provider],
    ["gen_ai.request.model", call.modelRequested],
    ["gen_ai.request.temperature", call.temperature],
    ["gen_ai.request.max_tokens", call.maxTokens],
    ["gen_ai.request.stream", call.isStream],
    ["gen_ai.conversation.id", call.sessionId],
    ["user.id", call.user],
    ["tenant.id", call.tenant],
    ["gen_ai.system_instructions", call.system && JSON.stringify([{ type: "text", content: call.system }])],
    ["gen_ai.input.messages", JSON.stringify(call.turns.map(turnParts))],
    ["gen_ai.tool.definitions", call.tools.length === 0 ? null : JSON.stringify(openaiTools(call))],
    ["http.response.status_code", failure?.httpStatus ?? 200],
  ];
  const response: Array<[string, unknown]> =
    answer === null || usage === null
      ? [["error.type", failure!.errorClass === "rate_limit" ? "RateLimitError" : "InternalServerError"]]
      : [
          ["gen_ai.response.model", call.modelServed],
          ["gen_ai.response.finish_reasons", JSON.stringify([answer.finish])],
          ["gen_ai.response.time_to_first_chunk", call.ttftMs === null ? null : call.ttftMs / 1000],
          [
            "gen_ai.output.messages",
            JSON.stringify([{ role: "assistant", parts: parts(answer.text, answer.call) }]),
          ],
          ["gen_ai.usage.input_tokens", inputTokens(usage)],
          ["gen_ai.usage.output_tokens", outputTokens(usage)],
          ["gen_ai.usage.cache_read.input_tokens", usage.cacheRead],
          ["gen_ai.usage.cache_creation.input_tokens", usage.cacheWrite5m + usage.cacheWrite1h],
          ["gen_ai.usage.reasoning.output_tokens", usage.reasoning],
          ["gen_ai.usage.cost", call.costUsd],
          [
            "ai.response.providerMetadata",
            call.provider === "anthropic"
              ? JSON.stringify({ anthropic: { usage: anthropicUsage(call) } })
              : null,
          ],
        ];
  const span = {
    traceId: hashId(32, "trace", call.logicalId),
    spanId: hashId(16, "span", call.id),
    name: `chat ${call.modelRequested}`,
    kind: 3,
    startTimeUnixNano: `${call.startMs}000000`,
    endTimeUnixNano: `${call.startMs + call.latencyMs}000000`,
    attributes: [...request, ...response].flatMap(([key, value]) =>
      value === null ? [] : [{ key, value: anyValue(value) }],
    ),
    status: failure === null ? {} : { code: 2, message: failure.message },
  };
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: call.app } }] },
        scopeSpans: [{ scope: { name: "synthetic" }, spans: [span] }],
      },
    ],
  });
}

function anyValue(value: unknown): object {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: value };
}

function turnParts(turn: CallTurn): object {
  if (turn.role === "tool")
    return { role: "tool", parts: [{ type: "tool_call_response", id: turn.callId, response: turn.text }] };
  return { role: turn.role, parts: parts(turn.text, turn.role === "assistant" ? turn.call : null) };
}

function parts(text: string | null, call: ToolCall | null): object[] {
  return [
    ...(text === null ? [] : [{ type: "text", content: text }]),
    ...(call === null ? [] : [{ type: "tool_call", id: call.id, name: call.name, arguments: call.input }]),
  ];
}
