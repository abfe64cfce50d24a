import { asArray, asRecord, asText, type JsonRecord } from "../json-access.js";

/** The events of a streamed response body. */
export interface StreamEvents {
  events: JsonRecord[];
  /** Pieces that were no JSON: the last one is often cut. */
  unreadable: number;
  /** Whether the stream said that it was done ([DONE]); streams without such a word leave it out. */
  isDone?: boolean;
}

/** Take a streamed body apart: server-sent events, JSON lines, a JSON list of chunks, or Amazon's binary event stream kept as
 * text (its JSON payloads survive; checksums and lengths don't matter here). Never throws.
 * @returns null when the body is not a stream */
export function readStreamEvents(body: unknown): StreamEvents | null {
  const list = asArray(body);
  if (list !== null) return fromList(list);
  if (typeof body !== "string") return null;
  const text = decodeBase64Stream(body);
  const kind = streamKind(text);
  return kind === null ? null : READERS[kind](text);
}

/** Whether a body's text is a stream, without reading it. */
export function isStreamText(text: string): boolean {
  return streamKind(decodeBase64Stream(text)) !== null;
}

type StreamKind = "amazon" | "serverSent" | "lines";

const READERS: Record<StreamKind, (text: string) => StreamEvents> = {
  amazon: fromAmazon,
  serverSent: fromServerSent,
  lines: fromLines,
};

function streamKind(text: string): StreamKind | null {
  const start = text.slice(0, 400);
  if (start.includes(":event-type") || start.includes(":message-type")) return "amazon";
  if (/^\s*(:|data:|event:|id:|retry:)/.test(start)) return "serverSent";
  // JSON lines: the first line is a document of its own, and more follow. A pretty-printed body's first line is not.
  const first = /^\s*(\{[^\n]*\})\s*\n\s*\{/.exec(text.slice(0, MAX_FIRST_LINE))?.[1];
  return first !== undefined && parse(first) !== undefined ? "lines" : null;
}

const MAX_FIRST_LINE = 100_000;

/** Fields that only a chunk of an answer has: a list of other things (messages, embeddings) is no stream. */
const CHUNK_FIELDS = ["choices", "candidates", "usageMetadata", "delta", "event_type", "done"];

/** Bedrock Converse names an event by its only key; the last one is `metadata`, with the usage. */
const CONVERSE_EVENT = /^(message|contentBlock)(Start|Delta|Stop)$/;

function fromList(list: unknown[]): StreamEvents | null {
  if (list.length > 0 && list.every((item) => typeof item === "string" && /^(data|event):/.test(item)))
    return fromServerSent(list.join("\n\n"));
  const events = list.flatMap((item) => asRecord(item) ?? []) as JsonRecord[];
  const isStream =
    events.length > 0 && events.length === list.length && events.every((event) => isEvent(event));
  return isStream ? { events, unreadable: 0 } : null;
}

function isEvent(event: JsonRecord): boolean {
  return (
    CHUNK_FIELDS.some((name) => name in event) ||
    Object.keys(event).some((name) => CONVERSE_EVENT.test(name)) ||
    asRecord(asRecord(event.metadata)?.usage) !== null ||
    /^(message_|content_block_|response\.|ping$)/.test(asText(event.type))
  );
}

function fromServerSent(text: string): StreamEvents {
  const found: StreamEvents = { events: [], unreadable: 0 };
  let data: string[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.startsWith("data:")) {
      // Loggers drop the blank line between events: a complete JSON document closes its event.
      if (data.length > 0 && parse(data.join("\n")) !== undefined) data = flush(data, found);
      data.push(line.slice(line[5] === " " ? 6 : 5));
    } else if (line === "") data = flush(data, found);
  }
  flush(data, found);
  return found;
}

function flush(data: string[], found: StreamEvents): string[] {
  if (data.length > 0) add(data.join("\n"), found);
  return [];
}

function fromLines(text: string): StreamEvents {
  const found: StreamEvents = { events: [], unreadable: 0 };
  for (const line of text.split(/\r?\n/)) add(line, found);
  return found;
}

function add(piece: string, found: StreamEvents): void {
  const trimmed = piece.trim();
  if (trimmed === "[DONE]") found.isDone = true;
  if (trimmed === "" || trimmed === "[DONE]") return;
  const event = asRecord(parse(trimmed));
  if (event === null) found.unreadable += 1;
  else found.events.push(event);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each message of the stream ends its headers with `event` (or `exception`) and carries one JSON object. InvokeModel wraps
 * the model's own event as base64 in `bytes`. */
function fromAmazon(text: string): StreamEvents {
  const found: StreamEvents = { events: [], unreadable: 0 };
  for (const message of text.split(":message-type").slice(1)) {
    const payload = firstObject(message);
    const event = payload === null ? null : asRecord(parse(payload));
    if (event === null) found.unreadable += 1;
    else if (typeof event.bytes === "string") add(Buffer.from(event.bytes, "base64").toString("utf8"), found);
    else if (/^[^{]*exception/.test(message)) found.events.push({ error: event });
    else found.events.push(event);
  }
  return found;
}

/** The first complete JSON object in a text, told by its brackets outside strings. */
function firstObject(text: string): string | null {
  const start = text.indexOf("{");
  let depth = 0;
  let inString = false;
  for (let i = start; i >= 0 && i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === "\\") i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return text.slice(start, i + 1);
  }
  return null;
}

/** A binary body logged as base64 starts with the high bytes of a small length: zeros. */
function decodeBase64Stream(body: string): string {
  if (!body.startsWith("AAA") || body.length % 4 !== 0 || !/^[A-Za-z0-9+/]+=*$/.test(body)) return body;
  return Buffer.from(body, "base64").toString("utf8");
}
