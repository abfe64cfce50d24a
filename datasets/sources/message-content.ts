import { createHash } from "node:crypto";
import type { ContentPart } from "@signalbox/runtime";
import {
  asArray,
  asRecord,
  asString,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
  toJson,
} from "./json-access.js";

/** A call of a tool in the one spelling that conversations and answers keep: OpenAI's, without the provider's id, which would make
 * the same call look new every time, and with arguments as compact JSON.
 * @param given arguments as an object or as JSON text */
export function toolCall(name: string, given: unknown): ToolCall {
  const parsed = typeof given === "string" && given.trim() !== "" ? parseEmbedded(given) : given || {};
  return {
    type: "function",
    function: { name, arguments: typeof parsed === "string" ? parsed : (toJson(parsed) ?? "") },
  };
}

export interface ToolCall {
  type: "function";
  function: { name: string; arguments: string };
}

/** What an answer or a turn says as one text: its text, then on a line of their own the calls that it makes, as JSON.
 * @returns null when it says nothing */
export function textWithCalls(text: string | null, calls: readonly unknown[]): string | null {
  const called = calls.length > 0 ? JSON.stringify(calls) : "";
  return [text ?? "", called].filter((part) => part !== "").join("\n") || null;
}

/** The content of one turn, taken apart. */
export interface ReadContent {
  /** All text as one string when there are no attachments, else parts; null when there was nothing. */
  content: string | ContentPart[] | null;
  /** Calls made inside the content (Anthropic tool_use, Gemini functionCall, Bedrock toolUse), OpenAI shaped. */
  toolCalls: ToolCall[];
  /** Results of tools inside the content, each as the content of a message of role tool. */
  toolResults: (string | ContentPart[])[];
}

/** Read the content of a turn in any provider's spelling: a string, a part or a list of parts. Attachments become small parts
 * `{type: "image" | "audio" | "file", media_type, bytes, sha256}`: the bytes themselves are never kept, neither from a
 * base64 field nor from a data URI inside a text. Parts of unknown type are counted as `{type}`. Never throws. */
export function readContent(value: unknown): ReadContent {
  const found: Found = { parts: [], toolCalls: [], toolResults: [] };
  collect(value, found, 0);
  return { content: foldParts(found.parts), toolCalls: found.toolCalls, toolResults: found.toolResults };
}

/** Replace base64 data URIs inside a text by `[media-type bytes sha256:...]`. */
function stripDataUris(text: string): string {
  if (!text.includes(";base64,")) return text;
  return text.replace(DATA_URI, (_, mediaType: string | undefined, data: string) => {
    return `[${mediaType || "data"} ${base64Bytes(data)} bytes sha256:${fingerprint(data)}]`;
  });
}

interface Found {
  parts: ContentPart[];
  toolCalls: ToolCall[];
  toolResults: (string | ContentPart[])[];
}

const DATA_URI = /data:([\w.+-]{1,64}\/[\w.+-]{1,64})?(?:;[\w=-]{1,64}){0,4};base64,([A-Za-z0-9+/=_-]{64,})/g;

/** Content nests (a tool result holds parts); deeper than this it is hostile. */
const MAX_DEPTH = 6;

function collect(value: unknown, found: Found, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === "string") {
    if (value !== "") found.parts.push({ type: "text", text: stripDataUris(value) });
    return;
  }
  const list = asArray(value);
  if (list !== null) {
    for (const item of list) collect(item, found, depth + 1);
    return;
  }
  const part = asRecord(value);
  if (part !== null) collectPart(part, found, depth);
}

function collectPart(part: JsonRecord, found: Found, depth: number): void {
  const type = asString(part.type) ?? "";
  if (isThinking(part, type)) return;
  const call =
    asRecord(firstOf(part, ["functionCall", "function_call", "toolUse"])) ??
    (/^(server_)?tool_use$/.test(type) ? part : null);
  if (call !== null) {
    found.toolCalls.push(toolCall(asString(call.name) ?? "", firstOf(call, ["input", "args", "arguments"])));
    return;
  }
  const result =
    firstOf(part, ["functionResponse", "function_response", "toolResult"]) ??
    (/tool(_search|_use)?_result$/.test(type) ? part : undefined);
  if (result !== undefined) {
    found.toolResults.push(toolResult(asRecord(result), depth));
    return;
  }
  const attachment = readAttachment(part, type);
  if (attachment !== null) {
    found.parts.push(attachment);
    return;
  }
  const guarded = asRecord(asRecord(part.guardContent)?.text);
  const text = guarded?.text ?? firstOf(part, ["text", "refusal", "content", "value", "json", "parts"]);
  const nested = asRecord(text);
  if (typeof text === "string" || Array.isArray(text)) collect(text, found, depth + 1);
  else if (nested !== null && typeof nested.value === "string") collect(nested.value, found, depth + 1);
  else if (nested !== null && type === "") found.parts.push({ type: "text", text: toJson(text) ?? "" });
  else if (type !== "" && type !== "text") found.parts.push({ type });
}

function isThinking(part: JsonRecord, type: string): boolean {
  return (
    /^(thinking|redacted_thinking|reasoning)$/.test(type) ||
    part.thought === true ||
    "reasoningContent" in part ||
    "cachePoint" in part
  );
}

function toolResult(result: JsonRecord | null, depth: number): string | ContentPart[] {
  const inner: Found = { parts: [], toolCalls: [], toolResults: [] };
  const content = unwrapResult(firstOf(result, ["content", "response", "output"]));
  if (asRecord(content) !== null) return toJson(content) ?? "";
  collect(content, inner, depth + 1);
  return foldParts(inner.parts) ?? "";
}

/** Gemini takes objects alone: what other providers send as a text stands under `output` there, or `result` by its SDKs. */
function unwrapResult(content: unknown): unknown {
  const record = asRecord(content);
  const [only, ...others] = record === null ? [] : Object.keys(record);
  return others.length === 0 && (only === "output" || only === "result") ? record![only] : content;
}

type AttachmentKind = "image" | "audio" | "file";

const WRAPPERS: ReadonlyArray<readonly [string, AttachmentKind | null]> = [
  ["image_url", "image"],
  ["image", "image"],
  ["input_audio", "audio"],
  ["audio", "audio"],
  ["video", "file"],
  ["document", "file"],
  ["file", "file"],
  ["inlineData", null],
  ["inline_data", null],
  ["fileData", null],
  ["file_data", null],
];

function readAttachment(part: JsonRecord, type: string): ContentPart | null {
  const named = attachmentKind(type);
  const wrapper = WRAPPERS.find(
    ([name]) => Object.hasOwn(part, name) && part[name] !== null && part[name] !== undefined,
  );
  if (named === null && (wrapper === undefined || type === "text")) return null;
  const held = wrapper === undefined ? part : part[wrapper[0]];
  const body = asRecord(held) ?? part;
  const source = asRecord(body.source) ?? asRecord(part.source) ?? body;
  const mediaType =
    mediaTypeOf(source) ?? mediaTypeOf(body) ?? (typeof held === "string" ? dataUriType(held) : null);
  const kind = named ?? wrapper?.[1] ?? kindOfMedia(mediaType);
  const data =
    typeof held === "string"
      ? held
      : firstString(source, ["data", "bytes", "file_data", "url", "uri", "fileUri", "file_uri", "file_id"]);
  return { type: kind, ...(mediaType && { media_type: mediaType }), ...(data && describe(data)) };
}

function attachmentKind(type: string): AttachmentKind | null {
  if (/^(input_)?image(_url)?$/.test(type)) return "image";
  if (/^(input_)?audio(_url)?$/.test(type)) return "audio";
  return /^((input_)?file|document|document_url|video|video_url|container_upload)$/.test(type)
    ? "file"
    : null;
}

function mediaTypeOf(record: JsonRecord): string | null {
  return (
    firstString(record, ["media_type", "mediaType", "mimeType", "mime_type", "format"]) ??
    dataUriType(firstString(record, ["url", "file_data", "data"]) ?? "")
  );
}

function dataUriType(text: string): string | null {
  return /^data:([\w.+-]+\/[\w.+-]+)/.exec(text.slice(0, 160))?.[1] ?? null;
}

function kindOfMedia(mediaType: string | null): AttachmentKind {
  if (mediaType?.startsWith("image/")) return "image";
  return mediaType?.startsWith("audio/") ? "audio" : "file";
}

/** Size and fingerprint of an attachment's data, or just the fingerprint of the address that it is fetched from. */
function describe(data: string): { bytes?: number; sha256: string } {
  const comma = data.startsWith("data:") ? data.indexOf(",") + 1 : 0;
  const isAddress = comma === 0 && (/^[a-z][a-z0-9+.-]*:\/\//i.test(data) || data.length < 64);
  const payload = data.slice(comma);
  return isAddress
    ? { sha256: fingerprint(data) }
    : { bytes: base64Bytes(payload), sha256: fingerprint(payload) };
}

function base64Bytes(data: string): number {
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return Math.floor((data.length * 3) / 4) - padding;
}

function fingerprint(data: string): string {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}

/** Neighbouring texts are one text; content without attachments is a plain string. */
function foldParts(parts: ContentPart[]): string | ContentPart[] | null {
  if (parts.length === 0) return null;
  if (parts.every((part) => part.type === "text")) return parts.map((part) => part.text ?? "").join("\n");
  return parts;
}
