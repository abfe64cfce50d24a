import { asArray, asRecord, asString, firstOf, type JsonRecord } from "./json-access.js";

/** Turn LangChain's message objects, wherever they stand in a logged input or output, into plain ones: serialised constructors
 * {lc, type: "constructor", id: [..., "HumanMessage"], kwargs}, {type: "human", data}, and [role, text] pairs. Batches of
 * one ([[...]]) are opened. Anything else comes back as it is. */
export function unwrapMessages(value: unknown): unknown {
  const list = asArray(value);
  if (list !== null) return unwrapList(list);
  const record = asRecord(value);
  if (record === null) return value;
  const message = unwrapMessage(record);
  if (message !== null) return message;
  const generations = asArray(record.generations);
  if (generations !== null) return unwrapGeneration(asArray(generations[0])?.[0] ?? generations[0]);
  const messages = asArray(record.messages);
  if (messages !== null) return { ...record, messages: unwrapList(messages) };
  const prompts = asArray(record.prompts);
  if (prompts !== null) return { ...record, messages: prompts.map((content) => ({ role: "user", content })) };
  const inner = firstOf(record, ["output", "message"]);
  const wrapped = asRecord(inner) === null ? null : unwrapMessage(asRecord(inner)!);
  return wrapped ?? record;
}

function unwrapList(list: unknown[]): unknown[] {
  const only = list.length === 1 ? asArray(list[0]) : null;
  const turns = only?.some((turn) => asRecord(turn) !== null) ? only : list;
  return turns.map((turn) => {
    const [role, content, ...rest] = asArray(turn) ?? [];
    if (rest.length === 0 && ROLES.has(asString(role) ?? ""))
      return { role: ROLES.get(asString(role)!), content };
    const record = asRecord(turn);
    return (record === null ? null : unwrapMessage(record)) ?? turn;
  });
}

function unwrapGeneration(value: unknown): unknown {
  const generation = asRecord(value);
  if (generation === null) return value;
  const message = asRecord(generation.message);
  return (
    (message === null ? null : (unwrapMessage(message) ?? message)) ?? {
      role: "assistant",
      content: generation.text,
    }
  );
}

/** A message of LangChain as {role, content, ...}; null when it is none. */
function unwrapMessage(record: JsonRecord): JsonRecord | null {
  const fields = asRecord(record.kwargs) ?? asRecord(record.data);
  const named = asString(asArray(record.id)?.at(-1)) ?? "";
  const kind = asString(fields?.type) ?? asString(record.type) ?? "";
  const role = ROLES.get(kind) ?? CLASS_ROLES.find(([pattern]) => pattern.test(named))?.[1];
  if (fields !== null && role !== undefined)
    return { ...fields, type: undefined, role: asString(fields.role) ?? role };
  const isFlat = role !== undefined && record.role === undefined && "content" in record;
  return isFlat ? { ...record, type: undefined, role } : null;
}

const ROLES = new Map(
  Object.entries({
    human: "user",
    user: "user",
    HumanMessageChunk: "user",
    ai: "assistant",
    assistant: "assistant",
    AIMessageChunk: "assistant",
    system: "system",
    developer: "system",
    tool: "tool",
    function: "tool",
    chat: "user",
  }),
);

const CLASS_ROLES: ReadonlyArray<readonly [RegExp, string]> = [
  [/^Human/, "user"],
  [/^AI/, "assistant"],
  [/^System/, "system"],
  [/^(Tool|Function)/, "tool"],
];
