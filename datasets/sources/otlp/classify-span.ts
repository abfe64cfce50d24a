import { asString, firstOf, firstString } from "../json-access.js";
import type { SpanRecord } from "./explode-export.js";
import { modelsOf } from "./span-model.js";
import { costOf, hasUsage } from "./span-usage.js";

/** What a span is: a model call, a span around calls, or something else. */
export type SpanClass = "call" | "parent" | "other";

/** Decide from what a span says of itself whether it is one call of a model. Explicit kinds come first (Langfuse, OpenInference,
 * AI SDK, gen_ai operation, OpenLLMetry, Genkit), then what only a call has: usage, a model, messages. */
export function classifySpan(span: SpanRecord): SpanClass {
  if (span.kind === "log")
    return /(^|\.)operation\.details$|^gen_ai\.client\.inference/.test(span.name) ? "call" : "other";
  return (
    byLangfuse(span) ??
    byOpenInference(span) ??
    byAiSdk(span) ??
    byOperation(span) ??
    byVendor(span) ??
    byContent(span)
  );
}

function byLangfuse(span: SpanRecord): SpanClass | null {
  const type = firstString(span.attributes, ["langfuse.observation.type"])?.toLowerCase();
  if (type === undefined) return null;
  if (type === "generation" || type === "embedding") return "call";
  if (type === "agent" || type === "chain") return "parent";
  if (/^(tool|retriever|guardrail|evaluator)$/.test(type)) return "other";
  // What an observation is when nobody said more; yet tokens must not be lost.
  return type === "span" || type === "event" ? (hasUsage(span) ? "call" : "other") : null;
}

function byOpenInference(span: SpanRecord): SpanClass | null {
  const kind = firstString(span.attributes, ["openinference.span.kind"])?.toUpperCase();
  if (kind === undefined) return null;
  if (kind === "LLM" || kind === "EMBEDDING") return "call";
  if (kind === "AGENT" || kind === "CHAIN") return "parent";
  if (/^(RETRIEVER|RERANKER)$/.test(kind)) return hasUsage(span) && hasModel(span) ? "call" : "other";
  return /^(TOOL|GUARDRAIL|EVALUATOR|PROMPT)$/.test(kind) ? "other" : null;
}

/** The AI SDK wraps each provider call (`.doGenerate`, `.doStream`, `.doEmbed`) in a span that repeats its usage. */
function byAiSdk(span: SpanRecord): SpanClass | null {
  const id = aiOperation(span);
  if (id === null) return null;
  if (/\.do[A-Z]\w*$/.test(id)) return "call";
  if (/toolCall$/i.test(id)) return "other";
  return /^(ai\.)?(generate|stream|embed|rerank|agent)\w*$/.test(id) ? "parent" : null;
}

/** `ai.operationId`, or `operation.name` as far as the AI SDK wrote it ("ai.embed.doEmbed my-function"). */
export function aiOperation(span: SpanRecord): string | null {
  const own = firstString(span.attributes, ["ai.operationId"]);
  const named = firstString(span.attributes, ["operation.name"]);
  const id =
    own ??
    (named?.startsWith("ai.") ? named : null) ??
    (/^ai\.\w+\.do[A-Z]\w*$/.test(span.name) ? span.name : null);
  return id === null ? null : id.split(/\s/, 1)[0]!;
}

function byOperation(span: SpanRecord): SpanClass | null {
  const operation = firstString(span.attributes, [
    "gen_ai.operation.name",
    "llm.request.type",
    "gen_ai.request.type",
  ])?.toLowerCase();
  if (operation === undefined) return null;
  if (/^create_/.test(operation)) return "other";
  if (/agent|workflow|plan|chain/.test(operation)) return "parent";
  if (/tool|retriev|search|memory|guardrail|evaluat/.test(operation)) return "other";
  return "call";
}

function byVendor(span: SpanRecord): SpanClass | null {
  const { attributes, name } = span;
  const traceloop = firstString(attributes, ["traceloop.span.kind"]);
  if (traceloop !== null && /^(workflow|task|agent)$/.test(traceloop)) return "parent";
  if (traceloop === "tool") return "other";
  if (
    asString(attributes["genkit:type"]) !== null ||
    asString(attributes["genkit:metadata:subtype"]) !== null
  ) {
    const subtype = asString(attributes["genkit:metadata:subtype"]);
    if (subtype === "model" || subtype === "embedder" || subtype === "background-model") return "call";
    return subtype === "tool" ? "other" : "parent";
  }
  if (
    firstOf(attributes, ["gen_ai.tool.name", "gen_ai.tool.call.id", "tool_arguments", "tool_response"]) !==
    undefined
  )
    return "other";
  if (
    firstOf(attributes, ["pydantic_ai.all_messages", "all_messages_events", "agent_name", "final_result"]) !==
    undefined
  )
    return "parent";
  if (name === "call_llm" && attributes["gcp.vertex.agent.llm_response"] !== undefined) return "call";
  return null;
}

function byContent(span: SpanRecord): SpanClass {
  if (hasUsage(span) || costOf(span) !== null || hasModel(span)) return "call";
  const hasMessages = Object.keys(span.attributes).some((name) => messageAttribute.test(name));
  const hasMessageEvents = span.events.some(({ name }) => messageEvent.test(name));
  return hasMessages || hasMessageEvents ? "call" : "other";
}

const messageAttribute =
  /^(gen_ai\.(prompt|completion|input\.messages|output\.messages)(\.|$)|llm\.(input|output)_messages\.|ai\.prompt|ai\.response\.text|request_data$)/;
const messageEvent =
  /^gen_ai\.(content\.(prompt|completion)|(system|user|assistant)\.message|choice|client\.inference\.operation\.details)$/;

function hasModel(span: SpanRecord): boolean {
  const { requested, served } = modelsOf(span);
  return requested !== null || served !== null;
}
