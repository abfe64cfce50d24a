import type { StreamItem } from "../../datasets/cache-stream.js";
import { readTimestamp } from "../../datasets/sources/read-time.js";

/** Read one record of a stream: `{id, text, tenant?, segment?, app?, created_at?, system?, history?, answer_key?}`. Ids, names and
 * keys may be numbers; `segment` wins over `app`; a history is a list of `{role, content}` or of `[speaker, text]`. Lone
 * surrogates become U+FFFD.
 * @returns the item, or what is wrong with the record */
export function readStreamItem(value: unknown): StreamItem | { error: string } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { error: "not a JSON object; a line is {id, text, ...}" };
  }
  const fields = value as Record<string, unknown>;
  try {
    return {
      id: readId(fields.id),
      text: readText(fields.text),
      tenant: readName(fields, "tenant"),
      segment: readName(fields, "segment") ?? readName(fields, "app"),
      created_at: readCreatedAt(fields.created_at),
      system: readSystem(fields.system),
      history: readHistory(fields.history),
      answer_key: readName(fields, "answer_key"),
    };
  } catch (error) {
    if (error instanceof BadField) return { error: error.message };
    throw error;
  }
}

class BadField extends Error {}

function readId(value: unknown): string {
  const id = nameOf(value);
  if (id === undefined) throw new BadField(`id is ${kindOf(value)}; give a text or a number`);
  if (id === null) throw new BadField("id is missing; give every line its own");
  return id;
}

function readText(value: unknown): string {
  if (typeof value !== "string") throw new BadField(`text is ${kindOf(value)}; give the last user turn`);
  if (value.trim() === "") throw new BadField("text is empty; give the last user turn");
  return value.toWellFormed();
}

function readName(fields: Record<string, unknown>, key: string): string | null {
  const name = nameOf(fields[key]);
  if (name === undefined)
    throw new BadField(`${key} is ${kindOf(fields[key])}; give a text, a number or null`);
  return name;
}

/** @returns null for nothing, undefined for what can't be a name */
function nameOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string") return undefined;
  return value.trim() === "" ? null : value.toWellFormed();
}

function readCreatedAt(value: unknown): number | null {
  if (value === undefined || value === null || value === "") return null;
  const micros = readTimestamp(value);
  if (micros !== null) return micros;
  throw new BadField("created_at is no time since 2000; give ISO 8601, or seconds, ms or us since 1970");
}

function readSystem(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return contentOf(value, "system");
}

function readHistory(value: unknown): StreamItem["history"] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw new BadField(`history is ${kindOf(value)}; give a list of {role, content} or [speaker, text]`);
  }
  return value.map(readTurn);
}

function readTurn(turn: unknown, i: number): StreamItem["history"][number] {
  if (Array.isArray(turn) && turn.length === 2) {
    const [speaker, text] = turn as [unknown, unknown];
    if (typeof speaker === "string")
      return { role: roleOf(speaker), content: contentOf(text, `history[${i}]`) };
  } else if (typeof turn === "object" && turn !== null && !Array.isArray(turn)) {
    const { role, content } = turn as { role?: unknown; content?: unknown };
    if (typeof role === "string") return { role: roleOf(role), content: contentOf(content, `history[${i}]`) };
  }
  throw new BadField(`history[${i}] is neither {role, content} nor [speaker, text]`);
}

const roles: Readonly<Record<string, string>> = {
  u: "user",
  human: "user",
  customer: "user",
  s: "assistant",
};
const assistants = new Set(["a", "ai", "bot", "agent", "model"]);

function roleOf(speaker: string): string {
  const role = speaker.trim().toLowerCase().toWellFormed();
  return assistants.has(role) ? "assistant" : Object.hasOwn(roles, role) ? roles[role]! : role;
}

/** Text as it is; parts, calls and the absence of text as JSON: whatever differs must give another key. */
function contentOf(value: unknown, where: string): string {
  if (typeof value === "string") return value.toWellFormed();
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return JSON.stringify(value).toWellFormed();
  throw new BadField(`${where} is ${kindOf(value)}; give a text or a list of parts`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
