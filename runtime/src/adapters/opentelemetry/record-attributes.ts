import type { DecisionRecord } from "../../log/decision-record.js";
import { normaliseUsage } from "./normalise-usage.js";

/** Attributes of a span: OpenTelemetry's own kinds of value. */
export type SpanAttributes = Record<string, string | number | boolean | string[]>;

/** Say one decision and what came of it in span attributes: `gen_ai.*` for the call, `signalbox.*` for the decision. What isn't known
 * is left out. They hold no content.
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ */
export function recordAttributes(record: DecisionRecord): SpanAttributes {
  return known({ ...callAttributes(record), ...decisionAttributes(record) });
}

type Unfiltered = Record<string, SpanAttributes[string] | null | undefined>;

function callAttributes(record: DecisionRecord): Unfiltered {
  const usage = normaliseUsage(record.usage ?? {});
  return {
    "gen_ai.request.model": record.decided_model,
    "gen_ai.response.model": record.served_model,
    "gen_ai.response.finish_reasons": record.finish_reason === null ? null : [record.finish_reason],
    "gen_ai.response.time_to_first_chunk": record.ttft_ms === null ? null : record.ttft_ms / 1_000,
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cacheReadTokens,
    "gen_ai.usage.cache_creation.input_tokens": usage.cacheWriteTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
    "gen_ai.usage.reasoning.output_tokens": usage.reasoningTokens,
    "error.type": record.error_class ?? record.error,
  };
}

function decisionAttributes(record: DecisionRecord): Unfiltered {
  return {
    "signalbox.request_id": record.request_id,
    "signalbox.session_hash": record.session_hash,
    "signalbox.artifact": record.artifact,
    "signalbox.decision.model": record.decided_model,
    "signalbox.decision.default_model": record.default_model === "" ? null : record.default_model,
    "signalbox.decision.reasons": record.reasons,
    "signalbox.decision.rule": record.rule,
    "signalbox.decision.tier": record.tier,
    "signalbox.decision.stakes": record.stakes,
    "signalbox.decision.verify": record.verify,
    "signalbox.decision.escalated": record.escalated,
    "signalbox.decision.score": record.score,
    "signalbox.decision.threshold": record.threshold,
    "signalbox.decision.ood": record.ood,
    "signalbox.decision.arm": record.arm,
    "signalbox.decision.explored": record.explored,
    "signalbox.decision.propensity": record.propensity,
    "signalbox.decision.expected_cost_usd": record.expected_cost_usd,
    "signalbox.decision.took_us": record.took_us,
    "signalbox.shadow.sampled": record.shadow_sampled,
    "signalbox.call.attempts": Math.max(1, record.attempts.length),
    "signalbox.call.latency_ms": record.latency_ms,
    "signalbox.call.cost_usd": record.cost_usd,
    ...Object.fromEntries(
      Object.entries(record.slices).map(([name, value]) => [`signalbox.slice.${name}`, value]),
    ),
  };
}

function known(attributes: Unfiltered): SpanAttributes {
  const kept = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as SpanAttributes;
}
