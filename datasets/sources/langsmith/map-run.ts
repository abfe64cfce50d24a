import { canonicalProvider } from "../../prices/provider-names.js";
import { classifyError } from "../error-class.js";
import { finishReason } from "../finish-reason.js";
import {
  asArray,
  asNumber,
  asRecord,
  asRecords,
  asString,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "../json-access.js";
import { readLoggedContent } from "../logged-content.js";
import { readAnswer } from "../provider/answer.js";
import { readTimestamp } from "../read-time.js";
import { type Mapped, type RequestDraft, unknownDraft } from "../source.js";
import { usageOf } from "./run-usage.js";

/** The draft of a run of type llm or embedding. */
export function mapRun(value: unknown): Mapped {
  const run = asRecord(value);
  const type = asString(run?.run_type);
  if (run === null || type === null)
    return { kind: "quarantined", reason: "unknown_schema", detail: "no run: it has no run_type" };
  if (type !== "llm" && type !== "embedding")
    return { kind: "skipped", reason: "not_an_llm_call", detail: `run of type ${type}` };
  const end = readTimestamp(run.end_time);
  const error = asString(run.error);
  if (end === null && error === null && run.status === "pending")
    return { kind: "skipped", reason: "unfinished_record", detail: "still pending when it was exported" };
  const outputs = parseEmbedded(run.outputs);
  const { usage, raw } = usageOf(run, outputs);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const extra = asRecord(parseEmbedded(run.extra)) ?? {};
  const metadata = asRecord(parseEmbedded(extra.metadata)) ?? {};
  const settings = asRecord(parseEmbedded(extra.invocation_params)) ?? {};
  const createdAt = readTimestamp(run.start_time);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: firstString(run, ["id", "run_id"]),
      sessionId:
        firstString(metadata, ["session_id", "thread_id", "conversation_id"]) ??
        firstString(run, ["trace_id"]),
      user: firstString(metadata, ["user_id", "userId", "user"]),
      app:
        firstString(run, ["session_name", "project_name"]) ??
        firstString(metadata, ["app", "service", "LANGSMITH_PROJECT"]) ??
        asString(
          asArray(parseEmbedded(run.tags))?.find(
            (tag) => !/^(seq:|langsmith:)/.test(asString(tag) ?? "seq:"),
          ),
        ),
      endpoint: type === "embedding" ? "embeddings" : "chat",
      createdAt,
      latencyMs: createdAt !== null && end !== null ? (end - createdAt) / 1000 : null,
      ...firstTokenOf(run, createdAt),
      ...modelsOf(metadata, settings, outputs),
      provider: canonicalProvider(firstString(metadata, ["ls_provider"])),
      ...readLoggedContent({ input: run.inputs, output: outputs, settings }),
      usage: usage?.usage ?? null,
      usageRaw: raw,
      costReportedUsd: costOf(run),
      ...outcomeOf(run, error),
      finishReason: finishReason(answerFields(outputs, ["finish_reason", "stop_reason"])),
      feedbackScore: feedbackOf(run.feedback_stats),
      serviceTier: answerFields(outputs, ["service_tier"]),
    },
  };
}

function firstTokenOf(run: JsonRecord, createdAt: number | null): Pick<RequestDraft, "ttftMs" | "isStream"> {
  const event = asRecords(parseEmbedded(run.events)).find(({ name }) => name === "new_token");
  const first = readTimestamp(run.first_token_time) ?? readTimestamp(event?.time);
  if (first === null) return { ttftMs: null, isStream: null };
  return {
    ttftMs: createdAt !== null && first >= createdAt ? (first - createdAt) / 1000 : null,
    isStream: true,
  };
}

function modelsOf(
  metadata: JsonRecord,
  settings: JsonRecord,
  outputs: unknown,
): Pick<RequestDraft, "modelRequested" | "modelServed"> {
  const asked =
    firstString(settings, [
      "model",
      "model_name",
      "modelId",
      "model_id",
      "azure_deployment",
      "deployment_name",
    ]) ?? firstString(metadata, ["ls_model_name"]);
  const answered = answerFields(outputs, ["model_name", "model"]);
  return {
    modelRequested: asked,
    modelServed: answered ?? firstString(metadata, ["ls_model_name"]) ?? asked,
  };
}

/** A field of the answer, wherever its integration puts it. */
function answerFields(outputs: unknown, names: string[]): string | null {
  const record = asRecord(outputs);
  const generation = asRecord(asArray(asArray(record?.generations)?.[0])?.[0]);
  const message = asRecord(asRecord(generation?.message)?.kwargs) ?? asRecord(generation?.message);
  const answer = readAnswer(outputs);
  const native = names.includes("model")
    ? answer.model
    : names.includes("finish_reason")
      ? answer.finishReason
      : null;
  return (
    firstString(asRecord(message?.response_metadata), names) ??
    firstString(asRecord(generation?.generation_info), names) ??
    firstString(asRecord(record?.llm_output), names) ??
    native
  );
}

/** Decimal text in USD. */
function costOf(run: JsonRecord): number | null {
  const total = firstNumber(run, ["total_cost"]);
  if (total !== null) return total;
  const input = asNumber(run.prompt_cost);
  const output = asNumber(run.completion_cost);
  return input === null && output === null ? null : (input ?? 0) + (output ?? 0);
}

function outcomeOf(run: JsonRecord, error: string | null): Pick<RequestDraft, "status" | "errorClass"> {
  if (error === null && run.status !== "error") return { status: "ok", errorClass: null };
  if (/^\W*(Cancelled|Abort|KeyboardInterrupt|GeneratorExit)/i.test(error ?? ""))
    return { status: "cancelled", errorClass: null };
  return { status: "error", errorClass: classifyError(null, error) };
}

/** The users' score where there is one, or the only score: {key: {n, avg}}, if it lies between 0 and 1. */
function feedbackOf(value: unknown): number | null {
  const stats = Object.entries(asRecord(parseEmbedded(value)) ?? {});
  const named = stats.find(([key]) => /^(user_score|user_feedback|thumbs?(_up)?)$/i.test(key));
  const [, only] = named ?? (stats.length === 1 ? stats[0]! : []);
  const average = asNumber(firstOf(asRecord(only), ["avg"]));
  return average !== null && average >= 0 && average <= 1 ? average : null;
}
