import { readCallerLabels } from "./caller-labels.js";
import { firstUsage, hasOutput } from "./first-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import {
  asArray,
  asNumber,
  asRecord,
  asRecords,
  asString,
  asText,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
  printed,
} from "./json-access.js";
import { type Exchange, readExchange } from "./read-exchange.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";

/** Vertex AI's request-response log, exported from BigQuery as JSON, CSV or Parquet. The table holds the share of the requests that the
 * endpoint's sampling rate lets through (no row names it), so sums are those of a sample when the rate is below 1. */
export const vertexSource: Source = {
  name: "vertex",
  title: "Google Vertex AI request-response log (BigQuery; a sample when its sampling rate is below 1)",
  score: scoreRow,
  map: mapRow,
};

/** A call that took longer is none: its length says nothing about when it began. */
const dayMs = 86_400_000;

function scoreRow(line: unknown): number {
  const row = asRecord(line);
  if (row === null) return 0;
  const hasFull = "full_request" in row && "full_response" in row;
  const hasPayload = "request_payload" in row && "response_payload" in row;
  if (!hasFull && !hasPayload) return 0;
  if ("logging_time" in row) return 1;
  return "api_method" in row || "deployed_model_id" in row ? 0.8 : 0;
}

function mapRow(record: unknown): Mapped {
  const row = asRecord(record);
  if (row === null || scoreRow(row) === 0)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no full_request beside a logging_time: not a row of Vertex AI's request-response log",
    };
  const method = asString(row.api_method) ?? "";
  const isEmbedding = /embed/i.test(`${method} ${asText(row.model)} ${asText(row.endpoint)}`);
  if (/count_?tokens|^predictlongrunning$/i.test(method) || (/^predict$/i.test(method) && !isEmbedding))
    return { kind: "skipped", reason: "not_an_llm_call", detail: `api_method is ${method}` };
  const exchange = readExchange(
    bodyOf(row.full_request) ?? joinPayload(row.request_payload),
    bodyOf(row.full_response) ?? listPayload(row.response_payload),
  );
  const { usage, raw } = firstUsage([
    { raw: exchange.answer.usageRaw, hint: { provider: "google" } },
    { raw: embeddingUsage(bodyOf(row.full_response)) },
  ]);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const metadata = asRecord(parseEmbedded(row.metadata));
  const latencyMs = firstNumber(metadata, ["request_latency", "requestLatency"]);
  const loggedAt = readTimestamp(row.logging_time);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...exchange.content,
      ...readCallerLabels(asRecord(exchange.request?.labels), asRecord(parseEmbedded(row.labels))),
      id: idOf(row.request_id),
      endpoint: isEmbedding ? "embeddings" : endpointOf(method),
      // A row is written when the response is returned.
      createdAt:
        loggedAt === null || Math.abs(latencyMs ?? 0) > dayMs
          ? null
          : loggedAt - Math.round((latencyMs ?? 0) * 1000),
      latencyMs,
      ...modelsOf(row, exchange),
      provider: "google",
      usage: usage?.usage ?? null,
      usageRaw: raw,
      ...outcomeOf(row, exchange, hasOutput(usage)),
      isStream: /stream/i.test(method) ? true : method === "" ? exchange.isStream : false,
      serviceTier: tierOf(asRecord(raw)) ?? exchange.content.serviceTier,
    },
  };
}

/** The predict method counts for each text: predictions[].embeddings.statistics.token_count. */
function embeddingUsage(response: unknown): JsonRecord | null {
  const counts = asRecords(asRecord(response)?.predictions).flatMap(
    (prediction) => asNumber(asRecord(asRecord(prediction.embeddings)?.statistics)?.token_count) ?? [],
  );
  return counts.length === 0 ? null : { prompt_tokens: counts.reduce((sum, count) => sum + count, 0) };
}

/** The large column; BigQuery exports an empty one as null, "" or "{}". */
function bodyOf(value: unknown): unknown {
  const body = parseEmbedded(value);
  const isEmpty =
    body === null ||
    body === undefined ||
    body === "" ||
    (typeof body === "object" && Object.keys(body).length === 0);
  return isEmpty ? null : body;
}

/** The repeated text columns: a JSON text in one piece, or cut into several. */
function joinPayload(value: unknown): unknown {
  const texts = asArray(parseEmbedded(value)) ?? [];
  return texts.length === 0 ? null : parseEmbedded(texts.map(printed).join(""));
}

/** A streamed response is a list of chunks, each of them a JSON text. */
function listPayload(value: unknown): unknown {
  const chunks = (asArray(parseEmbedded(value)) ?? []).map(parseEmbedded);
  if (chunks.length > 1 && chunks.every((chunk) => asRecord(chunk) !== null)) return chunks;
  return joinPayload(value);
}

function idOf(value: unknown): string | null {
  const id = asText(value);
  return id === "" ? null : id;
}

function modelsOf(
  row: JsonRecord,
  { answer }: Exchange,
): Pick<RequestDraft, "modelRequested" | "modelServed"> {
  const asked = modelName(asString(row.model)) ?? modelName(asString(row.endpoint));
  return { modelRequested: asked, modelServed: answer.model ?? asked };
}

/** What follows /models/ in a resource name; an endpoint's number is no model. */
function modelName(resource: string | null): string | null {
  if (resource === null) return null;
  const named = /\/models\/([^/@:]+(?:@[^/:]+)?)/.exec(resource)?.[1];
  return named ?? (resource.includes("/") ? null : resource);
}

function endpointOf(method: string): string | null {
  const plain = method.toLowerCase();
  if (plain.includes("generatecontent")) return "generate_content";
  if (plain.includes("rawpredict")) return "messages";
  return plain.includes("chat") ? "chat" : method === "" ? null : plain;
}

function outcomeOf(
  row: JsonRecord,
  { answer }: Exchange,
  isPartial: boolean,
): Pick<RequestDraft, "status" | "httpStatus" | "errorClass"> {
  const response = asRecord(bodyOf(row.full_response));
  const error = asRecord(response?.error);
  const httpStatus = readHttpStatus(firstOf(error, ["code", "status"]));
  return httpOutcome({
    httpStatus,
    hasFailed: answer.error !== null || (httpStatus ?? 200) >= 400,
    isPartial,
    words: [answer.error, firstString(error, ["message"])],
  });
}

/** ON_DEMAND, ON_DEMAND_FLEX, ON_DEMAND_PRIORITY, PROVISIONED_THROUGHPUT. */
function tierOf(usage: JsonRecord | null): string | null {
  const traffic = firstString(usage, ["trafficType", "traffic_type"]);
  if (traffic === null || /UNSPECIFIED/.test(traffic)) return null;
  const tier = traffic.toLowerCase().replace(/^on_demand_?/, "");
  return tier === "" ? "default" : tier;
}
