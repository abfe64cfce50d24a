import type { AttemptRecord, CallResult } from "@signalbox/runtime";
import { HttpError } from "./http-error.js";
import { readJsonBody } from "./read-json-body.js";
import type { Route } from "./route.js";

type Fields = Readonly<Record<string, unknown>>;

/** POST /record: what came of the call that a decision was for. Field names in snake_case, as in the decision log, or camelCase. */
export const recordRoute: Route = {
  method: "POST",
  path: "/record",
  async handle({ request, state }) {
    const body = await readJsonBody(request, state.maxBodyBytes);
    const requestId = readText(body, "request_id");
    if (requestId === null)
      throw new HttpError(400, "no_request_id", "request_id is missing; give the decision's requestId");
    const result = readResult(body);
    const decision = state.recent.take(requestId);
    if (decision === null) {
      const message =
        "no decision with this request_id waits for a result; it is unknown, or was recorded before";
      throw new HttpError(404, "unknown_decision", message);
    }
    state.router.record(decision, result);
    return { status: 202, json: { recorded: true } };
  },
};

function readResult(body: Fields): CallResult {
  return {
    usage: body.usage,
    latencyMs: readNumber(body, "latency_ms") ?? undefined,
    ttftMs: readNumber(body, "ttft_ms"),
    finishReason: readText(body, "finish_reason"),
    servedModel: readText(body, "served_model"),
    costUsd: readNumber(body, "cost_usd"),
    error: body.error,
    errorClass: readText(body, "error_class"),
    attempts: readAttempts(body.attempts),
  };
}

function readAttempts(value: unknown): AttemptRecord[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > 20)
    throw unfit("attempts", "is not a list of at most 20 calls");
  return value.map((attempt: Fields) => {
    const model = readText(attempt ?? {}, "model");
    if (model === null) throw unfit("attempts", "has a call without its model");
    return {
      model,
      error_class: readText(attempt, "error_class"),
      latency_ms: readNumber(attempt, "latency_ms"),
    };
  });
}

function readText(fields: Fields, name: string): string | null {
  const value = fieldOf(fields, name);
  if (value === null) return null;
  if (typeof value !== "string" || value.length > 200)
    throw unfit(name, "is not a text of at most 200 characters");
  return value;
}

function readNumber(fields: Fields, name: string): number | null {
  const value = fieldOf(fields, name);
  if (value === null) return null;
  if (typeof value !== "number" || !(value >= 0 && value < Number.POSITIVE_INFINITY))
    throw unfit(name, "is not a number of at least 0");
  return value;
}

function fieldOf(fields: Fields, name: string): unknown {
  const camelCase = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return fields[name] ?? fields[camelCase] ?? null;
}

function unfit(field: string, problem: string): HttpError {
  return new HttpError(400, "unfit_field", `${field} ${problem}`);
}
