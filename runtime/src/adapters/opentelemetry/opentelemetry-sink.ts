import type { DecisionSink } from "../../log/decision-log.js";
import { type CallResult, makeRecord } from "../../log/decision-record.js";
import type { Decision } from "../../router/decision.js";
import { recordAttributes, type SpanAttributes } from "./record-attributes.js";

export type { SpanAttributes } from "./record-attributes.js";

/** The part of `trace` of @opentelemetry/api that is used. */
export interface TraceShape {
  getActiveSpan(): { setAttributes(attributes: SpanAttributes): unknown } | undefined;
  getTracer(name: string): {
    startSpan(
      name: string,
      options: { startTime: Date; attributes: SpanAttributes },
    ): { end(time: Date): void };
  };
}

/** Where spans come from. */
export interface OpenTelemetryOptions {
  /** `trace` of @opentelemetry/api; the installed package's when absent. */
  trace?: TraceShape;
}

/** Make a decision log of OpenTelemetry spans: `loadRouter(dir, { decisionLog: await openTelemetrySink() })`. Each record becomes
 * attributes of the span that is active when it is recorded, or a span of its own, as long as the call, where none is.
 * @throws when `trace` isn't given and @opentelemetry/api isn't installed */
export async function openTelemetrySink(options: OpenTelemetryOptions = {}): Promise<DecisionSink> {
  const trace = options.trace ?? (await installedTrace());
  return (record) => {
    const attributes = recordAttributes(record);
    const active = trace.getActiveSpan();
    if (active !== undefined) {
      active.setAttributes(attributes);
      return;
    }
    const end = new Date(record.ts);
    const startTime = new Date(end.getTime() - (record.latency_ms ?? 0));
    trace
      .getTracer("@signalbox/runtime")
      .startSpan(`route ${record.decided_model}`, { startTime, attributes })
      .end(end);
  };
}

async function installedTrace(): Promise<TraceShape> {
  try {
    return (await import("@opentelemetry/api")).trace;
  } catch (cause) {
    throw new Error("openTelemetrySink: @opentelemetry/api is not there; install it, or pass its trace", {
      cause,
    });
  }
}

/** Attributes of a decision, and of what came of it when that is known; see `recordAttributes` for their names. */
export function decisionAttributes(decision: Decision, result: CallResult = {}): SpanAttributes {
  return recordAttributes(makeRecord(decision, result, { now: new Date(0), defaultModel: "" }));
}

/** Set a decision's attributes on the active span; nothing happens where there is none.
 * @param trace `trace` of @opentelemetry/api */
export function setOnActiveSpan(
  decision: Decision,
  result: CallResult,
  { trace }: { trace: Pick<TraceShape, "getActiveSpan"> },
): void {
  trace.getActiveSpan()?.setAttributes(decisionAttributes(decision, result));
}
