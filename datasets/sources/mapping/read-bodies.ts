import { answerText, readConversation } from "../conversation.js";
import { asArray, asRecord, asString, parseEmbedded, printed, toJson } from "../json-access.js";
import { type Answer, readAnswer } from "../provider/answer.js";
import { mergeStream } from "../provider/merge-stream.js";
import { readStreamEvents } from "../provider/stream-events.js";
import type { RequestDraft } from "../source.js";
import type { FieldReader } from "./field-reader.js";

/** What the request and response bodies of a record say, and the texts that are mapped one by one. */
export interface Bodies {
  answer: Answer & { isStream: boolean };
  modelRequested: string | null;
  content: Pick<
    RequestDraft,
    "prompt" | "promptState" | "tools" | "output" | "temperature" | "maxTokens" | "hasJsonSchema"
  >;
}

/** Read prompt, answer and settings of a record: mapped fields first, then the provider's bodies where they are mapped. */
export function readBodies(fields: FieldReader): Bodies {
  const request = parseEmbedded(fields.raw("request"));
  const answer = readResponse(fields.raw("response"));
  const body = request === undefined ? noConversation : readConversation(request);
  const turns = turnsOf(fields);
  const tools = asArray(parseEmbedded(fields.raw("tools")));
  const own =
    turns.length === 0 && tools === null ? noConversation : readConversation({ messages: turns, tools });
  const messages = own.messages.length > 0 ? own.messages : body.messages;
  const written = [fields.prose("system_text"), own.system].filter((text) => text !== null && text !== "");
  const system = written.length > 0 ? written.join("\n\n") : body.system;
  const found = messages.length > 0 || system !== null;
  return {
    answer,
    modelRequested: asString(asRecord(request)?.model),
    content: {
      prompt: found ? { system, messages } : null,
      promptState: found ? "full" : "none",
      tools: own.tools ?? body.tools,
      output: outputOf(fields.raw("output_text")) ?? answer.text,
      temperature: body.temperature,
      maxTokens: body.maxTokens,
      hasJsonSchema: asRecord(request) === null ? null : body.hasJsonSchema,
    },
  };
}

/** Most mappings name no bodies: what nothing says is read once. */
const noConversation = readConversation({});
const noAnswer: Bodies["answer"] = { ...readAnswer({}), isStream: false };

function readResponse(value: unknown): Bodies["answer"] {
  if (value === undefined) return noAnswer;
  const parsed = parseEmbedded(value);
  const events = readStreamEvents(parsed);
  return events === null
    ? { ...readAnswer(parsed), isStream: false }
    : { ...mergeStream(events), isStream: true };
}

/** A prompt is a text, or a conversation as JSON. */
function turnsOf(fields: FieldReader): unknown[] {
  const listed = parseEmbedded(fields.raw("messages"));
  const turns = asArray(listed) ?? (listed === undefined ? [] : [{ role: "user", content: listed }]);
  const prompt = fields.raw("user_text");
  if (prompt === undefined) return turns;
  const parsed = typeof prompt === "string" && /^\s*\[\s*\{/.test(prompt) ? parseEmbedded(prompt) : prompt;
  return [
    ...turns,
    ...(asArray(parsed) ?? [
      { role: "user", content: typeof parsed === "string" ? parsed : printed(parsed) },
    ]),
  ];
}

function outputOf(value: unknown): string | null {
  if (value === undefined || typeof value === "string") return asString(value);
  return answerText(readConversation([{ role: "assistant", content: value }]).messages) ?? toJson(value);
}
