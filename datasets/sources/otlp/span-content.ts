import type { Message } from "@signalbox/runtime";
import { answerText, type Conversation, readConversation } from "../conversation.js";
import {
  asArray,
  asRecord,
  asRecords,
  asString,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "../json-access.js";
import { type ToolCall, textWithCalls, toolCall } from "../message-content.js";
import type { Attributes } from "./attributes.js";
import type { SpanRecord } from "./explode-export.js";
import { unflatten, unwrapOpenInference } from "./unflatten.js";

/** Prompt, answer and tools of a span, from whichever attributes or events its instrumentation writes them to. */
export interface SpanContent {
  prompt: { system: string | null; messages: Message[] } | null;
  promptState: "full" | "truncated" | "none";
  tools: unknown[] | null;
  output: string | null;
}

/** Read the content of a call span. Content that should be JSON and isn't was cut by an attribute length limit: its state is
 * `truncated` and it is not read. */
export function contentOf(span: SpanRecord): SpanContent {
  const attributes = withDetails(span);
  const sent = findPrompt(span, attributes);
  const instructions = instructionsOf(attributes);
  const read =
    sent !== null && instructions === undefined
      ? sent.conversation
      : readConversation({ ...sent?.body, ...(instructions !== undefined && { system: instructions }) });
  const found = read.messages.length > 0 || read.system !== null;
  return {
    prompt: found ? { system: read.system, messages: read.messages } : null,
    promptState:
      read.messages.length === 0 && isCut(span, attributes) ? "truncated" : found ? "full" : "none",
    tools: toolsOf(attributes) ?? read.tools,
    output: outputOf(span, attributes),
  };
}

/** The first candidate that holds messages. */
function findPrompt(
  span: SpanRecord,
  attributes: Attributes,
): { body: JsonRecord; conversation: Conversation } | null {
  for (const candidate of promptCandidates(span, attributes)) {
    const parsed = parseEmbedded(candidate);
    const body = isCutJson(candidate, parsed) ? null : toBody(parsed);
    const conversation = body === null ? null : readConversation(body);
    if (body !== null && conversation !== null && conversation.messages.length > 0)
      return { body, conversation };
  }
  return null;
}

function isCut(span: SpanRecord, attributes: Attributes): boolean {
  for (const candidate of promptCandidates(span, attributes))
    if (isCutJson(candidate, parseEmbedded(candidate))) return true;
  return false;
}

/** Newer conventions put content on an event of the span; its attributes fill what the span's own leave open. */
function withDetails(span: SpanRecord): Attributes {
  const details = span.events.filter(({ name }) => /operation\.details$/.test(name));
  if (details.length === 0) return span.attributes;
  return Object.assign(Object.create(null), ...details.map((event) => event.attributes), span.attributes);
}

function* promptCandidates(span: SpanRecord, attributes: Attributes): Iterable<unknown> {
  for (const value of promptValues(span, attributes)) {
    const isNothing =
      value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
    if (!isNothing) yield value;
  }
}

function* promptValues(span: SpanRecord, attributes: Attributes): Iterable<unknown> {
  yield attributes["gen_ai.input.messages"];
  yield messageEvents(span);
  yield* eventValues(span, "gen_ai.content.prompt", "gen_ai.prompt").map(splitRoles);
  yield unflatten(attributes, "gen_ai.prompt");
  yield unwrapOpenInference(unflatten(attributes, "llm.input_messages"));
  yield unflatten(attributes, "llm.prompts").map(
    (prompt) => asRecord(asRecord(prompt)?.prompt)?.text ?? prompt,
  );
  for (const name of promptNames) yield attributes[name];
}

const promptNames = [
  "ai.prompt.messages",
  "ai.prompt",
  "gen_ai.prompt",
  "gen_ai.input",
  "request_data",
  "gcp.vertex.agent.llm_request",
  "genkit:input",
  "langfuse.observation.input",
  "lk.chat_ctx",
  "llm.prompts",
  "input.value",
  "traceloop.entity.input",
  "mlflow.spanInputs",
  "embedding.text",
  "ai.value",
  "lk.input_text",
];

/** The older conventions write one event a message. */
function messageEvents({ events }: SpanRecord): unknown[] {
  return events.flatMap(({ name, attributes }) => {
    const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1];
    if (role === undefined) return [];
    const content = parseEmbedded(firstOf(attributes, ["content", "gen_ai.event.content", "message"]));
    const inner = asRecord(content);
    const calls = asArray(parseEmbedded(attributes.tool_calls));
    return [
      {
        role,
        ...(inner !== null && "content" in inner ? inner : { content }),
        ...(calls !== null && { tool_calls: calls }),
      },
    ];
  });
}

function eventValues({ events }: SpanRecord, event: string, attribute: string): unknown[] {
  return events.filter(({ name }) => name === event).map(({ attributes }) => attributes[attribute]);
}

/** OpenLIT joins the turns into one text, a line each: "system: ...\nuser: ...". */
function splitRoles(value: unknown): unknown {
  if (typeof value !== "string" || !/^(system|user|assistant|tool): /.test(value)) return value;
  return value.split(/\n(?=(?:system|user|assistant|tool): )/).map((turn) => {
    const colon = turn.indexOf(": ");
    return { role: turn.slice(0, colon), content: turn.slice(colon + 2) };
  });
}

/** @param parsed the value as {@link parseEmbedded} reads it */
function isCutJson(value: unknown, parsed: unknown): boolean {
  return typeof value === "string" && typeof parsed === "string" && /^\s*(\[\s*[{"[]|\{\s*")/.test(value);
}

/** Shape a parsed candidate as a request body for the common reader. */
function toBody(parsed: unknown): JsonRecord | null {
  if (typeof parsed === "string") return { messages: [{ role: "user", content: parsed }] };
  const list = asArray(parsed);
  if (list !== null) return { messages: list.map(toTurn) };
  const record = asRecord(parsed);
  if (record === null) return null;
  const items = asArray(record.items);
  if (items !== null) return { ...record, messages: items.map(toTurn) };
  const messages = asArray(record.messages);
  // Google's ADK keeps the system prompt in the configuration.
  const config = asRecord(record.config);
  const system =
    firstOf(record, ["system", "systemInstruction"]) ??
    firstOf(config, ["system_instruction", "systemInstruction"]);
  return {
    ...record,
    ...(messages !== null && { messages: messages.map(toTurn) }),
    ...(system !== undefined && { system }),
  };
}

/** The conventions' parts call a tool's call and response by names of their own. */
function toTurn(item: unknown): unknown {
  const turn = asRecord(parseEmbedded(item));
  if (turn === null) return item;
  const parts = asArray(turn.parts) ?? asArray(turn.content);
  if (parts === null) return turn;
  return { ...turn, parts: undefined, content: parts.map(toPart) };
}

function toPart(item: unknown): unknown {
  const part = asRecord(item);
  if (part?.type === "tool_call" || part?.type === "tool-call") {
    return {
      type: "tool_use",
      id: firstOf(part, ["id", "toolCallId"]),
      name: firstOf(part, ["name", "toolName"]),
      input: firstOf(part, ["arguments", "input", "args"]),
    };
  }
  if (part?.type === "tool_call_response" || part?.type === "tool-result") {
    return { type: "tool_result", content: firstOf(part, ["response", "result", "output", "content"]) };
  }
  return item;
}

function instructionsOf(attributes: Attributes): unknown {
  const instructions = firstOf(attributes, ["gen_ai.system_instructions", "gen_ai.request.instructions"]);
  const parsed = parseEmbedded(instructions);
  return isCutJson(instructions, parsed) ? undefined : parsed;
}

function toolsOf(attributes: Attributes): unknown[] | null {
  const listed = asArray(
    parseEmbedded(
      firstOf(attributes, [
        "gen_ai.tool.definitions",
        "ai.prompt.tools",
        "gen_ai.request.tools",
        "llm.tools",
      ]),
    ),
  );
  const found = listed ?? [
    ...unflatten(attributes, "llm.request.functions"),
    ...unflatten(attributes, "llm.tools"),
  ];
  const tools = found.map((tool) => parseEmbedded(tool));
  return tools.length > 0 ? tools : null;
}

const outputTexts = ["ai.response.text", "gen_ai.completion.content", "lk.response.text"];
const outputValues = [
  "gen_ai.output.messages",
  "ai.response.object",
  "gen_ai.completion",
  "gen_ai.output",
  "response_data",
  "gcp.vertex.agent.llm_response",
  "genkit:output",
  "langfuse.observation.output",
  "output.value",
  "traceloop.entity.output",
  "mlflow.spanOutputs",
];

function outputOf(span: SpanRecord, attributes: Attributes): string | null {
  const plain = firstString(attributes, outputTexts);
  const calls = sdkCalls(attributes);
  if (plain !== null) return textWithCalls(plain, calls);
  for (const candidate of outputCandidates(span, attributes)) {
    const text = answerOf(candidate);
    if (text !== null) return text;
  }
  return textWithCalls(null, calls);
}

/** Vercel's AI SDK keeps the calls of an answer apart from its text. */
function sdkCalls(attributes: Attributes): ToolCall[] {
  return asRecords(parseEmbedded(attributes["ai.response.toolCalls"])).map((call) =>
    toolCall(firstString(call, ["toolName", "name"]) ?? "", firstOf(call, ["args", "input", "arguments"])),
  );
}

function* outputCandidates(span: SpanRecord, attributes: Attributes): Iterable<unknown> {
  yield unflatten(attributes, "gen_ai.completion");
  yield unwrapOpenInference(unflatten(attributes, "llm.output_messages"));
  yield choiceEvents(span);
  yield* eventValues(span, "gen_ai.content.completion", "gen_ai.completion");
  for (const name of outputValues) yield attributes[name];
}

function choiceEvents({ events }: SpanRecord): unknown[] {
  return events
    .filter(({ name }) => name === "gen_ai.choice")
    .map(({ attributes }) =>
      parseEmbedded(firstOf(attributes, ["message", "content", "gen_ai.event.content"])),
    );
}

/** Text of an answer: a text, one message, a list of messages, or a response with its message inside. Only the first
 * alternative counts. */
function answerOf(value: unknown): string | null {
  const parsed = parseEmbedded(value);
  if (typeof parsed === "string") return parsed === "" ? null : parsed;
  const listed =
    asRecord(parsed) === null ? parsed : firstOf(asRecord(parsed), ["candidates", "choices", "messages"]);
  const first = asArray(listed)?.[0] ?? parsed;
  return turnText(firstOf(asRecord(first), ["message"]) ?? asRecord(asRecord(first)?.content) ?? first);
}

function turnText(turn: unknown): string | null {
  const shaped = asRecord(toTurn(turn));
  const message =
    typeof turn === "string"
      ? { role: "assistant", content: turn }
      : shaped === null
        ? null
        : { ...shaped, role: "assistant" };
  if (message === null) return null;
  return answerText(readConversation([message]).messages);
}

/** First finish reason of a span, as written. */
export function finishReasonOf(span: SpanRecord): string | null {
  const { attributes } = span;
  const reasons = parseEmbedded(
    firstOf(attributes, [
      "gen_ai.response.finish_reasons",
      "gen_ai.response.finish_reason",
      "ai.response.finishReason",
      "llm.finish_reason",
    ]),
  );
  const event = span.events.find(({ attributes }) => attributes.finish_reason !== undefined)?.attributes
    .finish_reason;
  const flattened = attributes["gen_ai.completion.0.finish_reason"];
  const genkit = asRecord(parseEmbedded(attributes["genkit:output"]))?.finishReason;
  return (
    asString(asArray(reasons)?.[0]) ??
    asString(reasons) ??
    asString(flattened) ??
    asString(event) ??
    asString(genkit)
  );
}
