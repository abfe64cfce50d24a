import { hashId, type SyntheticRequest } from "./traffic.js";

/** One line of an OTLP/JSON trace file (the collector's file exporter): the spans of one service, each request a server span
 * of its own with one span per model call below it. The resource carries `synthetic: true`.
 * @param requests attempts of one app */
export function otlpLine(requests: readonly SyntheticRequest[]): string {
  const { app } = requests[0]!;
  return JSON.stringify({
    resourceSpans: [
      {
        resource: {
          attributes: [
            text("service.name", app.name),
            text("telemetry.sdk.language", "python"),
            text("telemetry.sdk.name", "opentelemetry"),
            text("telemetry.sdk.version", "1.38.0"),
            flag("synthetic", true),
          ],
        },
        scopeSpans: [
          {
            scope: { name: "opentelemetry.instrumentation.genai", version: "2.1b0" },
            spans: requests.flatMap(spansOf),
          },
        ],
      },
    ],
  });
}

function spansOf(request: SyntheticRequest): object[] {
  const call = callSpan(request);
  if (request.attemptNo > 1) return [call];
  const server = {
    traceId: traceId(request),
    spanId: serverSpanId(request),
    name: "POST /ask",
    kind: 2,
    startTimeUnixNano: nanos(request.startMs - 3),
    endTimeUnixNano: nanos(request.startMs + request.latencyMs + 4),
    attributes: [
      text("http.request.method", "POST"),
      text("http.route", "/ask"),
      integer("http.response.status_code", request.status),
    ],
    status: {},
  };
  return [server, call];
}

function callSpan(request: SyntheticRequest): object {
  const { app, model, usage, answer } = request;
  const messages = [...request.history, { role: "user", content: request.userText }];
  return {
    traceId: traceId(request),
    spanId: hashId(16, "span", request.id),
    parentSpanId: serverSpanId(request),
    name: `chat ${model.name}`,
    kind: 3,
    startTimeUnixNano: nanos(request.startMs),
    endTimeUnixNano: nanos(request.startMs + request.latencyMs),
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", model.provider),
      text("gen_ai.request.model", model.name),
      ...(app.maxTokens === null ? [] : [integer("gen_ai.request.max_tokens", app.maxTokens)]),
      ...(app.temperature === null ? [] : [decimal("gen_ai.request.temperature", app.temperature)]),
      ...(request.isStream ? [flag("gen_ai.request.stream", true)] : []),
      text("gen_ai.conversation.id", request.sessionId),
      text("user.id", request.user),
      text("tenant.id", request.tenant),
      text("gen_ai.system_instructions", JSON.stringify([{ type: "text", content: app.system }])),
      text(
        "gen_ai.input.messages",
        JSON.stringify(messages.map(({ role, content }) => ({ role, parts: [{ type: "text", content }] }))),
      ),
      ...(answer === null
        ? [text("error.type", String(request.status))]
        : [
            text("gen_ai.response.id", `resp-${hashId(24, "response", request.id)}`),
            text("gen_ai.response.model", model.servedName),
            {
              key: "gen_ai.response.finish_reasons",
              value: { arrayValue: { values: [{ stringValue: "stop" }] } },
            },
            text(
              "gen_ai.output.messages",
              JSON.stringify([
                { role: "assistant", parts: [{ type: "text", content: answer }], finish_reason: "stop" },
              ]),
            ),
          ]),
      ...(request.ttftMs === null
        ? []
        : [decimal("gen_ai.response.time_to_first_chunk", request.ttftMs / 1_000)]),
      ...(usage
        ? [
            integer(
              "gen_ai.usage.input_tokens",
              usage.inputUncached + usage.inputCacheRead + usage.inputCacheWrite,
            ),
            integer("gen_ai.usage.output_tokens", usage.output),
            integer("gen_ai.usage.cache_read.input_tokens", usage.inputCacheRead),
            integer("gen_ai.usage.cache_creation.input_tokens", usage.inputCacheWrite),
          ]
        : []),
    ],
    status: answer === null ? { code: 2, message: `HTTP ${request.status}` } : {},
  };
}

function traceId(request: SyntheticRequest): string {
  return hashId(32, "trace", request.logicalId);
}

function serverSpanId(request: SyntheticRequest): string {
  return hashId(16, "server", request.logicalId);
}

/** Int64 travels as a string in OTLP/JSON. */
function nanos(ms: number): string {
  return `${ms}000000`;
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

function integer(key: string, value: number): object {
  return { key, value: { intValue: String(value) } };
}

function decimal(key: string, value: number): object {
  return { key, value: { doubleValue: value } };
}

function flag(key: string, value: boolean): object {
  return { key, value: { boolValue: value } };
}
