import {
  attachmentOf,
  type ToolCall,
  type ToolResult,
  toolCallOf,
  toolResultOf,
} from "../request/conversation-parts.js";
import {
  configOf,
  type Fields,
  readTurnFields,
  recordOf,
  systemOf,
  type TurnFields,
  textOf,
  turnsOf,
} from "../request/request-fields.js";

/** A conversation in one form for every provider, as a cache key reads it. */
export interface Conversation {
  /** Text of the last user turn that has any. */
  prompt: string;
  /** System prompt, system and developer messages, joined by a line feed. */
  system: string;
  /** What was said, called and returned, in order, each `[kind, ...]`; the prompt is null there. */
  events: unknown[][];
  nToolResults: number;
  /** Images and files of all turns. */
  nAttachments: number;
}

interface Reading extends Conversation {
  promptEvent: unknown[] | null;
  /** Ids of the calls so far: made up anew in each conversation, they are replaced by their ordinals. */
  calls: Array<{ id: unknown; name: unknown; isAnswered: boolean }>;
}

const mostTurns = 10_000;
const mostParts = 1_000;

/** Read a conversation for a cache key.
 * @throws {RangeError} if it has more turns or parts than are read: a key of half a conversation would be shared wrongly */
export function readConversation(fields: Fields): Conversation {
  const reading: Reading = {
    prompt: "",
    system: "",
    events: [],
    nToolResults: 0,
    nAttachments: 0,
    promptEvent: null,
    calls: [],
  };
  const turns = turnsOf(fields);
  checkLength(turns, mostTurns);
  const system = systemOf(fields, configOf(fields));
  readTurn(reading, { role: "system", content: recordOf(system).parts ?? system });
  for (const turn of turns) readTurn(reading, turn);
  const prompt = textOf(fields.prompt);
  if (prompt !== "") readTurn(reading, prompt);
  if (reading.promptEvent !== null) reading.promptEvent[1] = null;
  return reading;
}

function readTurn(reading: Reading, value: unknown): void {
  const { fields, role, content } = readTurnFields(value);
  if (role === "tool" && fields.role === undefined) readPart(reading, fields, "item");
  else if (role === "tool" || role === "function") {
    addResult(reading, { id: fields.tool_call_id, name: fields.name, output: content });
  } else readMessage(reading, { fields, role, content });
}

function readMessage(reading: Reading, { fields, role, content }: TurnFields): void {
  const parts = Array.isArray(content) ? content : [content];
  checkLength(parts, mostParts);
  readText(reading, role, textOf(content));
  for (let i = 0; i < parts.length; i++) readPart(reading, parts[i], i);
  for (const call of listOf(fields.tool_calls)) readPart(reading, call, "call");
  if (fields.function_call) {
    addCall(reading, toolCallOf({ type: "function_call", ...recordOf(fields.function_call) })!);
  }
  readExtras(reading, fields);
}

function readText(reading: Reading, role: string, text: string): void {
  if (text === "") return;
  if (role === "system" || role === "developer") {
    reading.system = reading.system === "" ? text : `${reading.system}\n${text}`;
    return;
  }
  const isUser = role === "user" || role === "human";
  const event = [isUser ? "user" : role === "model" ? "assistant" : role, text];
  reading.events.push(event);
  if (!isUser) return;
  reading.prompt = text;
  reading.promptEvent = event;
}

/** @param place index among the parts of its turn, or what else it is */
function readPart(reading: Reading, value: unknown, place: number | "item" | "call"): void {
  const part = recordOf(value);
  const call = toolCallOf(part);
  const result = toolResultOf(part);
  if (call !== null) addCall(reading, call);
  else if (result !== null) addResult(reading, result);
  else addPart(reading, part, place);
}

function addPart(reading: Reading, part: Fields, place: number | "item" | "call"): void {
  const attachment = attachmentOf(part);
  if (typeof place === "number" && attachment === null) return;
  if (attachment !== null && isMedia(attachment, part)) reading.nAttachments += 1;
  reading.events.push(["part", place, attachment ?? part]);
}

function isMedia([form]: unknown[], { type }: Fields): boolean {
  return form !== "part" || (typeof type === "string" && /image|file|audio|video|document/.test(type));
}

function addCall(reading: Reading, { id, name, input }: ToolCall): void {
  reading.calls.push({ id, name, isAnswered: false });
  reading.events.push(["call", name, input]);
}

function addResult(reading: Reading, { id, name, output, isError }: ToolResult): void {
  const { calls } = reading;
  const ordinal = calls.findIndex((call) =>
    id === undefined ? !call.isAnswered && call.name === name : call.id === id,
  );
  if (ordinal >= 0) calls[ordinal]!.isAnswered = true;
  reading.nToolResults += 1;
  reading.events.push(["result", ordinal >= 0 ? ordinal : [id ?? name], outputOf(output), isError === true]);
}

function outputOf(output: unknown): unknown {
  const isText = Array.isArray(output) && output.every((part) => typeof recordOf(part).text === "string");
  return isText ? textOf(output) : output;
}

/** What a message holds besides these: a speaker's name, a refusal, sound. */
const ordinaryFields = new Set(
  "role content parts text output type id status cache_control annotations tool_calls function_call".split(
    " ",
  ),
);

function readExtras(reading: Reading, fields: Fields): void {
  const extras = Object.entries(fields).filter(
    ([name, value]) => !ordinaryFields.has(name) && value !== null && value !== undefined,
  );
  if (extras.length > 0) reading.events.push(["fields", Object.fromEntries(extras)]);
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  checkLength(value, mostParts);
  return value;
}

function checkLength(list: readonly unknown[], most: number): void {
  if (list.length > most) throw new RangeError(`more than ${most} turns or parts`);
}
