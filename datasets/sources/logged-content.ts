import { readConversation } from "./conversation.js";
import { asArray, asRecord, asString, type JsonRecord, parseEmbedded } from "./json-access.js";
import { unwrapMessages } from "./langchain-messages.js";
import type { SpanRecord } from "./otlp/explode-export.js";
import { contentOf } from "./otlp/span-content.js";
import { readAnswer } from "./provider/answer.js";
import type { RequestDraft } from "./source.js";

/** What a trace store keeps of one call: whatever its instrumentation passed for input and output, objects or their JSON text,
 * and the settings of the call. */
interface LoggedCall {
  input: unknown;
  output: unknown;
  settings: JsonRecord;
  /** Tool definitions kept apart from the input. */
  tools?: unknown[] | null;
}

/** Read prompt, tools, answer and settings of a logged call. The shapes are those that spans have too (requests, lists of
 * messages, LangChain's objects, arguments of a decorated function), so spans' reader does it. */
export function readLoggedContent({
  input,
  output,
  settings,
  tools = null,
}: LoggedCall): Pick<
  RequestDraft,
  "prompt" | "promptState" | "tools" | "output" | "temperature" | "maxTokens" | "hasJsonSchema"
> {
  const isCut = CUT.test(asString(input) ?? "");
  const given = splitTools(isCut ? null : unwrapCall(unwrapMessages(parseEmbedded(input))));
  const answered = CUT.test(asString(output) ?? "") ? null : unwrapMessages(parseEmbedded(output));
  const content = contentOf({
    ...emptySpan,
    attributes: { "input.value": given.input, "output.value": answered },
  });
  // The turns are read already; what stands beside them are settings.
  const {
    messages: _,
    contents: _contents,
    input: _input,
    prompt: _prompt,
    ...beside
  } = asRecord(given.input) ?? {};
  const asked = readConversation({ ...beside, ...settings, ...withFormat(settings) });
  return {
    prompt: content.prompt,
    promptState: isCut ? "truncated" : content.promptState,
    tools: content.tools ?? given.tools ?? tools ?? asked.tools,
    output: content.output ?? readAnswer(answered).text,
    temperature: asked.temperature,
    maxTokens: asked.maxTokens !== null && asked.maxTokens > 0 ? asked.maxTokens : null,
    hasJsonSchema: asked.hasJsonSchema ? true : null,
  };
}

/** What Langfuse's SDK leaves of a value that is too large. */
const CUT = /^"?<truncated due to size/;

const emptySpan: SpanRecord = {
  kind: "span",
  name: "",
  traceId: null,
  spanId: null,
  parentSpanId: null,
  scope: null,
  resource: {},
  attributes: {},
  events: [],
  status: null,
  start: null,
  end: null,
  superseded: null,
};

/** Decorated functions log their arguments; a prompt may hold the whole request as text. */
function unwrapCall(input: unknown): unknown {
  const record = asRecord(input);
  if (record === null) return input;
  const prompt = asRecord(parseEmbedded(record.prompt));
  if (prompt !== null && "messages" in prompt) return prompt;
  const args = asArray(record.args);
  const named = asRecord(record.kwargs);
  if (named !== null && ("messages" in named || "contents" in named || "input" in named)) return named;
  return args !== null && args.length === 1 ? args[0] : input;
}

/** LangChain's handler appends the tools to the turns, each as a turn of role tool. */
function splitTools(input: unknown): { input: unknown; tools: unknown[] | null } {
  const turns = asArray(input);
  if (turns === null) return { input, tools: null };
  const tools = turns.flatMap((turn) => {
    const content = asRecord(asRecord(turn)?.content);
    return asRecord(turn)?.role === "tool" && content !== null && asRecord(content.function) !== null
      ? [content]
      : [];
  });
  if (tools.length === 0) return { input, tools: null };
  const kept = turns.filter((turn) => !tools.includes(asRecord(asRecord(turn)?.content) ?? {}));
  return { input: kept, tools };
}

/** Settings are often flattened to text. */
function withFormat({ response_format: format }: JsonRecord): JsonRecord {
  const parsed = parseEmbedded(format);
  return asString(parsed) === null ? { response_format: parsed } : {};
}
