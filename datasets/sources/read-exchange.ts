import { type Conversation, messageText, readConversation } from "./conversation.js";
import { finishReason } from "./finish-reason.js";
import { asBoolean, asRecord, firstString, type JsonRecord, parseEmbedded } from "./json-access.js";
import { readAnswer } from "./provider/answer.js";
import { mergeStream, type StreamedAnswer } from "./provider/merge-stream.js";
import { isStreamText, readStreamEvents } from "./provider/stream-events.js";
import type { RequestDraft } from "./source.js";

/** What a gateway's copies of a request and a response body say. */
export interface Exchange {
  /** The parts of a draft that only bodies can tell. */
  content: Pick<
    RequestDraft,
    | "prompt"
    | "promptState"
    | "tools"
    | "output"
    | "finishReason"
    | "serviceTier"
    | "temperature"
    | "maxTokens"
    | "hasJsonSchema"
  >;
  answer: StreamedAnswer;
  /** The request body, when it is JSON. */
  request: JsonRecord | null;
  /** What either body says of streaming; null when neither does. */
  isStream: boolean | null;
}

/** Read the bodies of one call as a gateway logged them: objects, JSON text, streams as text or lists of chunks, cut text, or nothing. Never
 * throws. */
export function readExchange(requestBody: unknown, responseBody: unknown): Exchange {
  const parsed = parseEmbedded(requestBody);
  const request = asRecord(parsed);
  const isText = typeof responseBody === "string" && isStreamText(responseBody);
  const body = isText ? responseBody : parseEmbedded(responseBody);
  const events = readStreamEvents(body);
  const answer =
    events === null ? Object.assign(readAnswer(asMessage(body)), { isComplete: true }) : mergeStream(events);
  const conversation = readConversation(typeof parsed === "string" && isCutJson(parsed) ? null : parsed);
  const { prompt, promptState } = promptOf(conversation, parsed);
  return {
    content: {
      prompt,
      promptState,
      tools: conversation.tools,
      output: answer.text,
      finishReason: finishReason(answer.finishReason),
      serviceTier: answer.serviceTier ?? firstString(request, ["service_tier", "serviceTier"]),
      temperature: conversation.temperature,
      maxTokens: conversation.maxTokens,
      hasJsonSchema:
        request === null || Object.keys(request).length === 0 ? null : conversation.hasJsonSchema,
    },
    answer,
    request,
    isStream: events !== null ? true : asBoolean(request?.stream),
  };
}

/** Loggers that shorten bodies leave out that an Anthropic body is a message. */
function asMessage(body: unknown): unknown {
  const record = asRecord(body);
  return record !== null && Array.isArray(record.content) && !("type" in record)
    ? { type: "message", ...record }
    : body;
}

function promptOf(conversation: Conversation, body: unknown): Pick<RequestDraft, "prompt" | "promptState"> {
  const { system, messages } = conversation;
  if (messages.length === 0 && system === null) {
    const isCut = typeof body === "string" && isCutJson(body);
    return { prompt: null, promptState: isCut ? "truncated" : "none" };
  }
  const texts = messages.map(({ content }) => messageText(content)).filter((text) => text !== "");
  const isRedacted =
    texts.length > 0 && texts.every((text) => /^\W*(redacted(-by-\w+)?|masked|hidden|\*+)\W*$/i.test(text));
  return isRedacted
    ? { prompt: null, promptState: "redacted" }
    : { prompt: { system, messages }, promptState: "full" };
}

/** Text that starts as JSON and couldn't be parsed: the logger cut it. */
function isCutJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}
