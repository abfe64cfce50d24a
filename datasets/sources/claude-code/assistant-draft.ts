import { normaliseUsage } from "../../tokens/normalise-usage.js";
import { messageText, readConversation } from "../conversation.js";
import { classifyError } from "../error-class.js";
import { finishReason } from "../finish-reason.js";
import { asNumber, asRecord, asString, firstNumber, firstString, type JsonRecord } from "../json-access.js";
import { readContent, textWithCalls } from "../message-content.js";
import { otherUsageOf } from "../other-usage.js";
import { readTimestamp } from "../read-time.js";
import { type Mapped, type RequestDraft, unknownDraft } from "../source.js";

/** One logged line of a message. */
export interface LoggedMessage {
  line: JsonRecord;
  message: JsonRecord;
  /** The line stands inside a progress line of the parent. */
  isCopy: boolean;
}

/** What all lines of one message have in common. */
type SharedFields = Pick<RequestDraft, "createdAt" | "updatedAt" | "prompt" | "promptState" | "output">;

/** Read what the lines of one message say together.
 * @param prompt the last turn of the user and the tool results behind it */
export function sharedFields(blocks: readonly LoggedMessage[], prompt: readonly JsonRecord[]): SharedFields {
  const { messages } = readConversation(prompt);
  const times = blocks.map(({ line }) => readTimestamp(line.timestamp)).filter((time) => time !== null);
  const isSide = blocks.some(({ line, isCopy }) => line.isSidechain === true || isCopy);
  return {
    createdAt: times[0] ?? null,
    // A side conversation's copy of a message gives way to the main one's.
    updatedAt: isSide ? null : (times.at(-1) ?? null),
    prompt: messages.length > 0 ? { system: null, messages } : null,
    // The system prompt, the tools and the turns before stand nowhere in the log, or lines above.
    promptState: messages.length > 0 ? "truncated" : "none",
    output: outputOf(blocks),
  };
}

/** The draft of one line of a message. Lines of one message share id, times, prompt and text, and differ in their counts.
 * @param modelBefore model of the thread's call before: failed calls are logged without theirs */
export function assistantDraft(
  { line, message }: LoggedMessage,
  shared: SharedFields,
  modelBefore: string | null,
): Mapped {
  const usage = normaliseUsage(message.usage, { provider: "anthropic", convention: "exclusive" });
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const named = asString(message.model);
  const model = named === "<synthetic>" ? null : named;
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...shared,
      id: messageId(line, message),
      sessionId: asString(line.sessionId),
      app: lastFolder(asString(line.cwd)),
      endpoint: "messages",
      modelRequested: model ?? modelBefore,
      modelServed: model,
      provider: providerOf(message),
      usage: line.isApiErrorMessage === true ? null : (usage?.usage ?? null),
      usageRaw: message.usage ?? null,
      otherUsage: otherUsageOf(message.usage, model),
      costReportedUsd: asNumber(line.costUSD),
      ...outcomeOf(line, message),
      serviceTier: tierOf(asRecord(message.usage)),
    },
  };
}

/** Anthropic's message ids are unique; other makers' proxies number their messages anew. */
function messageId(line: JsonRecord, message: JsonRecord): string | null {
  const id = asString(message.id);
  if (id === null) return firstString(line, ["requestId", "uuid"]);
  if (/^msg_\w{16,}$/.test(id)) return id;
  const request = asString(line.requestId);
  return request === null ? `${asString(line.sessionId) ?? ""}/${id}` : `${id}/${request}`;
}

/** The path tells of its owner; its last folder is the project's name. */
function lastFolder(path: string | null): string | null {
  return path?.split(/[\\/]/).findLast((part) => part !== "") ?? null;
}

/** Bedrock's and Vertex' message ids say where the model ran. */
function providerOf(message: JsonRecord): string | null {
  const id = asString(message.id) ?? "";
  if (id.startsWith("msg_bdrk_")) return "aws";
  if (id.startsWith("msg_vrtx_")) return "google";
  return /claude|^<synthetic>$/i.test(asString(message.model) ?? "") ? "anthropic" : null;
}

function outputOf(blocks: readonly LoggedMessage[]): string | null {
  const read = blocks.map(({ message }) => readContent(message.content));
  // A line that replays the whole message repeats what its blocks said.
  const texts = new Set(read.map(({ content }) => messageText(content)).filter((text) => text !== ""));
  const calls = new Map(
    read.flatMap(({ toolCalls }) => toolCalls.map((call) => [JSON.stringify(call), call])),
  );
  return textWithCalls([...texts].join("\n"), [...calls.values()]);
}

function outcomeOf(
  line: JsonRecord,
  message: JsonRecord,
): Pick<RequestDraft, "status" | "httpStatus" | "errorClass" | "finishReason"> {
  const stop = finishReason(asString(message.stop_reason));
  if (line.isApiErrorMessage !== true)
    return { status: "ok", httpStatus: null, errorClass: null, finishReason: stop };
  const text = messageText(readContent(message.content).content);
  const code = firstNumber(line, ["status", "apiErrorStatus"]) ?? asNumber(/\b([45]\d\d)\b/.exec(text)?.[1]);
  return {
    status: "error",
    httpStatus: code,
    errorClass: classifyError(code, asString(line.error), text),
    finishReason: null,
  };
}

/** Fast mode is sold at its own price. */
function tierOf(usage: JsonRecord | null): string | null {
  return usage?.speed === "fast" ? "fast" : firstString(usage, ["service_tier"]);
}
