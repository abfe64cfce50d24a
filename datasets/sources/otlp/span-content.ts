import type { Message } from "@signalbox/runtime";
import { messageText, readConversation } from "../conversation.js";
import {
  asArray,
  asRecord,
  asString,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
  toJson,
} from "../json-access.js";
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
  const inputs = promptCandidates(span, attributes);
  const cut = inputs.some(isCutJson);
  let body: JsonRecord | null = null;
  for (const input of inputs) {
    body = isCutJson(input) ? null : toBody(input);
    if (body !== null && readConversation(body).messages.length > 0) break;
    body = null;
  }
  const instructions = instructionsOf(attributes);
  const read = readConversation({ ...body, ...(instructions !== undefined && { system: instructions }) });
  const found = read.messages.length > 0 || read.system !== null;
  return {
    prompt: found ? { system: read.system, messages: read.messages } : null,
    promptState: cut && read.messages.length === 0 ? "truncated" : found ? "full" : "none",
    tools: toolsOf(attributes) ?? read.tools,
    output: outputOf(span, attributes),
  };
}

/** Newer conventions put content on an event of the span; its attributes fill what the span's own leave open. */
function withDetails(span: SpanRecord): Attributes {
  const details = span.events.filter(({ name }) => /operation\.details$/.test(name));
  return Object.assign(Object.create(null), ...details.map((event) => event.attributes), span.attributes);
}

function promptCandidates(span: SpanRecord, attributes: Attributes): unknown[] {
  const named = (names: string[]) => names.map((name) => attributes[name]);
  return [
    attributes["gen_ai.input.messages"],
    messageEvents(span),
    ...eventValues(span, "gen_ai.content.prompt", "gen_ai.prompt").map(splitRoles),
    unflatten(attributes, "gen_ai.prompt"),
    unwrapOpenInference(unflatten(attributes, "llm.input_messages")),
    unflatten(attributes, "llm.prompts").map((prompt) => asRecord(asRecord(prompt)?.prompt)?.text ?? prompt),
    ...named([
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
    ]),
  ].filter(
    (value) =>
      value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0),
  );
}

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

function isCutJson(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^\s*(\[\s*[{"[]|\{\s*")/.test(value) &&
    typeof parseEmbedded(value) === "string"
  );
}

/** Shape a candidate as a request body for the common reader. */
function toBody(input: unknown): JsonRecord | null {
  const parsed = parseEmbedded(input);
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
  return isCutJson(instructions) ? undefined : parseEmbedded(instructions);
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
  const flattened = [
    ...unflatten(attributes, "llm.request.functions"),
    ...unflatten(attributes, "llm.tools"),
  ];
  const tools = (listed ?? flattened).map((tool) => parseEmbedded(tool));
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
  if (plain !== null) return plain;
  const candidates = [
    unflatten(attributes, "gen_ai.completion"),
    unwrapOpenInference(unflatten(attributes, "llm.output_messages")),
    choiceEvents(span),
    ...eventValues(span, "gen_ai.content.completion", "gen_ai.completion"),
    ...outputValues.map((name) => attributes[name]),
  ];
  for (const candidate of candidates) {
    const text = answerText(candidate);
    if (text !== null) return text;
  }
  return firstString(attributes, ["ai.response.toolCalls"]);
}

function choiceEvents({ events }: SpanRecord): unknown[] {
  return events
    .filter(({ name }) => name === "gen_ai.choice")
    .map(({ attributes }) =>
      parseEmbedded(firstOf(attributes, ["message", "content", "gen_ai.event.content"])),
    );
}

/** Text of an answer: a text, one message, a list of messages, or a response with its message inside. Only the first
 * alternative counts. An answer of tool calls alone is their JSON. */
function answerText(value: unknown): string | null {
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
  const [read] = readConversation([message]).messages;
  if (read === undefined) return null;
  const text = messageText(read.content);
  if (text !== "") return text;
  return read.tool_calls === undefined ? null : toJson(read.tool_calls);
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
