/** A JSON object whose fields may hold anything. */
export type Fields = Record<string, unknown>;

/** Parts of one content value beyond this many are not read. */
export const partsRead = 1_000;

const noFields: Fields = {};

/** A value's fields; none when it isn't an object. */
export function recordOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : noFields;
}

/** Gemini's generation config, in any of its spellings. */
export function configOf(fields: Fields): Fields {
  return recordOf(fields.config ?? fields.generationConfig ?? fields.generation_config);
}

/** The system prompt that isn't a message: a string, a part or a list of parts. */
export function systemOf(fields: Fields, config: Fields): unknown {
  return (
    fields.system ??
    fields.instructions ??
    fields.systemInstruction ??
    fields.system_instruction ??
    config.systemInstruction
  );
}

/** A request's turns, the oldest first: the list in `messages`, else `input`, else `contents`; a single value is one turn. */
export function turnsOf(fields: Fields): readonly unknown[] {
  const value = fields.messages ?? fields.input ?? fields.contents;
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** One turn, whatever provider's shape it came in. */
export interface TurnFields {
  fields: Fields;
  /** Lower case; `user` for Gemini's turns without one, `tool` for items of the responses API that are no message. */
  role: string;
  content: unknown;
}

/** Read one turn; a string is what the user said. */
export function readTurnFields(value: unknown): TurnFields {
  const fields = typeof value === "string" ? { role: "user", content: value } : recordOf(value);
  return {
    fields,
    role: typeof fields.role === "string" ? fields.role.toLowerCase() : roleOfItem(fields),
    content: fields.content ?? fields.parts ?? fields.text ?? fields.output,
  };
}

function roleOfItem(turn: Fields): string {
  return turn.type === undefined || turn.type === "message" ? "user" : "tool";
}

/** Text of a content value: a string, a part, or a list of strings and parts joined by a line feed. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) {
    const part = recordOf(content);
    return Array.isArray(part.parts) ? textOf(part.parts) : partText(part);
  }
  let text = "";
  for (let i = 0; i < Math.min(content.length, partsRead); i++) {
    const part = typeof content[i] === "string" ? (content[i] as string) : partText(recordOf(content[i]));
    if (part !== "") text = text === "" ? part : `${text}\n${part}`;
  }
  return text;
}

function partText(part: Fields): string {
  return typeof part.text === "string" ? part.text : "";
}

/** The wanted form of the answer as OpenAI and Anthropic spell it. */
export function formatOf(fields: Fields): Fields {
  return recordOf(
    fields.responseFormat ??
      fields.response_format ??
      recordOf(fields.text).format ??
      recordOf(fields.output_config).format,
  );
}
