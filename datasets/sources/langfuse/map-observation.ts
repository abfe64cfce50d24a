import { canonicalProvider } from "../../prices/provider-names.js";
import { classifyError } from "../error-class.js";
import { finishReason } from "../finish-reason.js";
import {
  asNumber,
  asRecord,
  asString,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
  printed,
} from "../json-access.js";
import { readLoggedContent } from "../logged-content.js";
import { readAnswer } from "../provider/answer.js";
import { readTimestamp } from "../read-time.js";
import { type Mapped, unknownDraft } from "../source.js";
import { timingOf } from "./observation-timing.js";
import { usageOf } from "./observation-usage.js";
import { readMap } from "./read-map.js";

/** The draft of a generation or an embedding; anything else is no call. */
export function mapObservation(value: unknown): Mapped {
  const record = asRecord(value);
  if (record === null) return { kind: "quarantined", reason: "unknown_schema", detail: "not a JSON object" };
  const other = notACall(record);
  if (other !== null) return { kind: "skipped", reason: "not_an_llm_call", detail: other };
  const { usage, raw } = usageOf(record);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const tools = Object.values(readMap(firstOf(record, ["tool_definitions", "toolDefinitions"])) ?? {}).map(
    parseEmbedded,
  );
  const content = readLoggedContent({
    input: record.input,
    output: record.output,
    settings: readMap(firstOf(record, ["model_parameters", "modelParameters"])) ?? {},
    tools: tools.length > 0 ? tools : null,
  });
  const isFailed = firstString(record, ["level"])?.toUpperCase() === "ERROR";
  const end = firstOf(record, ["end_time", "endTime"]);
  if (end === undefined && usage === null && content.output === null && !isFailed)
    return { kind: "skipped", reason: "unfinished_record", detail: "no end, no usage and no output yet" };
  const metadata = metadataOf(record);
  const attributes = { ...asRecord(parseEmbedded(metadata.attributes)) };
  const trace = asRecord(record.trace);
  const createdAt = readTimestamp(firstOf(record, ["start_time", "startTime"]));
  const model = firstString(record, ["provided_model_name", "providedModelName", "model"]);
  const environment = firstString(record, ["environment"]) ?? firstString(trace, ["environment"]);
  const message = firstString(record, ["status_message", "statusMessage"]);
  const answer = readAnswer(parseEmbedded(record.output));
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: firstString(record, ["id", "span_id"]),
      sessionId:
        firstString(record, ["session_id", "sessionId"]) ??
        firstString(trace, ["sessionId", "session_id"]) ??
        firstString(record, ["trace_id", "traceId"]),
      tenant: environment === "default" ? null : environment,
      user: firstString(record, ["user_id", "userId"]) ?? firstString(trace, ["userId", "user_id"]),
      app:
        firstString(record, ["service_name", "trace_name", "traceName"]) ??
        firstString(trace, ["name"]) ??
        firstString(record, ["name"]),
      endpoint: asString(record.type)?.toUpperCase() === "EMBEDDING" ? "embeddings" : "chat",
      createdAt,
      updatedAt: readTimestamp(firstOf(record, ["updated_at", "updatedAt", "event_ts"])),
      ...timingOf(record, createdAt),
      modelRequested: firstString(attributes, ["gen_ai.request.model", "ai.model.id"]) ?? model,
      modelServed: model ?? answer.model,
      provider: providerOf(metadata, attributes),
      ...content,
      usage: usage?.usage ?? null,
      usageRaw: raw,
      costReportedUsd: costOf(record),
      status: isFailed ? "error" : "ok",
      errorClass: isFailed ? classifyError(null, message) : null,
      finishReason: finishReason(answer.finishReason),
      serviceTier: answer.serviceTier,
    },
  };
}

function notACall(record: JsonRecord): string | null {
  if (record.is_deleted === true || printed(record.is_deleted ?? 0) === "1") return "deleted in Langfuse";
  const type = asString(record.type)?.toUpperCase() ?? null;
  if (type === "GENERATION" || type === "EMBEDDING") return null;
  if (type !== null) return `observation of type ${type}`;
  if ("bookmarked" in record || "htmlPath" in record)
    return "row of the table of traces; calls are in the table of observations";
  if ("data_type" in record || "dataType" in record)
    return "row of the table of scores; calls are in the table of observations";
  return "observation without a type";
}

function metadataOf(record: JsonRecord): JsonRecord {
  return readMap(record.metadata) ?? {};
}

/** Every instrumentation has its own name for the provider; the AI SDK appends its API ("openai.responses"). */
function providerOf(metadata: JsonRecord, attributes: JsonRecord): string | null {
  const named =
    firstString(attributes, ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"]) ??
    firstString(metadata, ["ls_provider"]) ??
    firstString(attributes, ["ai.model.provider"])?.split(".")[0] ??
    null;
  return canonicalProvider(named === "gcp.vertex.agent" ? "google" : named);
}

/** Langfuse writes 0 where it knows no price. */
function costOf(record: JsonRecord): number | null {
  const details = readMap(record.cost_details ?? record.costDetails);
  const total = firstNumber(record, [
    "total_cost",
    "totalCost",
    "calculatedTotalCost",
    "calculated_total_cost",
  ]);
  const isUnpriced = details !== null && Object.keys(details).length === 0;
  if (total !== null) return total === 0 && isUnpriced ? null : total;
  const parts = Object.entries(details ?? {}).filter(([key]) => key !== "total");
  const stated = asNumber(details?.total);
  if (stated !== null || parts.length === 0) return stated;
  return parts.reduce((sum, [, part]) => sum + (asNumber(part) ?? 0), 0);
}
