import { basename } from "node:path";
import { normaliseUsage } from "../../tokens/normalise-usage.js";
import { readConversation } from "../conversation.js";
import { asRecord, asString, firstString, type JsonRecord } from "../json-access.js";
import { otherUsageOf } from "../other-usage.js";
import { type Answer, readAnswer } from "../provider/answer.js";
import { readEndpoint } from "../provider/endpoint.js";
import { type Envelope, readEnvelope } from "../provider/envelope.js";
import { providerOf } from "../provider/exchange-model.js";
import { outcomeOf } from "../provider/exchange-outcome.js";
import { timeOf } from "../provider/timing.js";
import {
  type FileFacts,
  type Mapped,
  type RecordReader,
  type RequestDraft,
  unknownDraft,
} from "../source.js";
import { findRequests, type RequestFinder } from "./request-files.js";

/** Reads the lines of one batch file, with the requests of the files beside it. */
export function batchReader<Place>(file: FileFacts): RecordReader<Place> {
  const requests = findRequests(file.path);
  const batch = basename(file.path).replace(/\.[^.]*$/, "");
  return {
    take: (record, place) => [{ place, mapped: mapBatchLine(record, requests, batch) }],
    end: () => {
      requests.close();
      return [];
    },
  };
}

/** The draft of one line of a batch's output.
 * @param requests of the batch; null when they can't be had
 * @param batch name of the batch: its custom ids are unique in it alone */
export function mapBatchLine(record: unknown, requests: RequestFinder | null, batch: string): Mapped {
  const line = asRecord(record);
  const customId = asString(line?.custom_id);
  if (line === null || customId === null)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no line of a batch: it has no custom_id",
    };
  if (isRequest(line))
    return {
      kind: "skipped",
      reason: "joined_part",
      detail: "request of a batch; its call is the line of the output",
    };
  const envelope = readEnvelope(line);
  if (!envelope.isBatch)
    return { kind: "quarantined", reason: "unknown_schema", detail: "neither an answer nor an error" };
  const answer = readAnswer(envelope.response);
  const request = requests?.find(customId) ?? null;
  const sent = asRecord(request?.body) ?? asRecord(request?.params);
  const provider = providerFor(line, envelope, answer, firstString(sent, ["model"]));
  const usage = normaliseUsage(answer.usageRaw, { provider });
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: firstString(line, ["id"]) ?? answer.id ?? `${batch}/${customId}`,
      user:
        firstString(sent, ["user", "safety_identifier"]) ??
        firstString(asRecord(sent?.metadata), ["user_id"]),
      endpoint: endpointOf(line, request, envelope.response),
      createdAt: timeOf(envelope, answer.createdAt, null),
      modelRequested: firstString(sent, ["model"]),
      modelServed: answer.model,
      provider,
      ...contentOf(sent),
      output: answer.text,
      usage: usage?.usage ?? null,
      usageRaw: answer.usageRaw,
      otherUsage: otherUsageOf(answer.usageRaw, answer.model),
      ...outcome(line, envelope, answer),
      isStream: false,
      serviceTier: answer.serviceTier ?? firstString(sent, ["service_tier"]),
      isBatch: true,
    },
  };
}

function isRequest(line: JsonRecord): boolean {
  return (
    !("response" in line) &&
    !("result" in line) &&
    !("error" in line) &&
    (asRecord(line.body) ?? asRecord(line.params)) !== null
  );
}

function providerFor(
  line: JsonRecord,
  envelope: Envelope,
  answer: Answer,
  asked: string | null,
): string | null {
  if ("result" in line) return "anthropic";
  const model = answer.model ?? asked;
  return model === null ? null : providerOf(envelope, answer, model);
}

/** Of a request that was withdrawn or ran out of time nothing was computed. */
function outcome(
  line: JsonRecord,
  envelope: Envelope,
  answer: Answer,
): Pick<RequestDraft, "status" | "httpStatus" | "errorClass" | "finishReason"> {
  const word = asString(asRecord(line.result)?.type) ?? asString(asRecord(line.error)?.code) ?? "";
  if (/cancel/.test(word))
    return { status: "cancelled", httpStatus: null, errorClass: null, finishReason: null };
  if (/expired/.test(word))
    return { status: "error", httpStatus: null, errorClass: "timeout", finishReason: null };
  return outcomeOf(envelope, { ...answer, isStream: false, isComplete: true });
}

function contentOf(
  sent: JsonRecord | null,
): Pick<RequestDraft, "prompt" | "promptState" | "tools" | "temperature" | "maxTokens" | "hasJsonSchema"> {
  const { system, messages, tools, temperature, maxTokens, hasJsonSchema } = readConversation(sent);
  const isFound = messages.length > 0 || system !== null;
  return {
    prompt: isFound ? { system, messages } : null,
    promptState: isFound ? "full" : "none",
    tools,
    temperature,
    maxTokens,
    hasJsonSchema: sent === null ? null : hasJsonSchema,
  };
}

function endpointOf(line: JsonRecord, request: JsonRecord | null, body: unknown): string | null {
  if ("result" in line) return "messages";
  const endpoint = readEndpoint(asString(request?.url) ?? "");
  if (endpoint.kind === "llm") return endpoint.endpoint;
  return OBJECTS.get(asString(asRecord(body)?.object) ?? "") ?? null;
}

const OBJECTS = new Map([
  ["chat.completion", "chat"],
  ["response", "responses"],
  ["text_completion", "completions"],
  ["list", "embeddings"],
]);
