import { asRecord, type JsonRecord } from "../json-access.js";
import { textWithCalls } from "../message-content.js";
import { type Answer, readAnswer, readChunk } from "./answer.js";
import { type CallPart, joinCalls } from "./answer-calls.js";
import type { StreamEvents } from "./stream-events.js";

/** A streamed answer put together. */
export interface StreamedAnswer extends Answer {
  /** Whether the stream reached its end. */
  isComplete: boolean;
}

/** Put the events of a stream together as if the answer had come in one piece: texts are joined, counts are laid over each
 * other (Anthropic's input count comes first, its output count last), the last finish reason holds. */
export function mergeStream({ events, isDone = false }: StreamEvents): StreamedAnswer {
  const merged: StreamedAnswer = { ...readAnswer({}), isComplete: false };
  const texts: string[] = [];
  const callParts: CallPart[] = [];
  let wholeText: string | null = null;
  let wholeCalls: CallPart[] | null = null;
  for (const event of events) {
    const whole = wholeAnswer(event);
    const answer = readChunk(whole ?? event);
    if (whole === null) {
      if (answer.text !== null) texts.push(answer.text);
      callParts.push(...answer.callParts);
    } else {
      wholeText = answer.text ?? wholeText;
      if (answer.callParts.length > 0) wholeCalls = answer.callParts;
    }
    overlay(merged, answer);
    // Cohere's stream-end says why it ended beside the answer, not in it.
    if (whole !== null && whole !== event) overlay(merged, readAnswer(event));
  }
  merged.text = textWithCalls(wholeText ?? texts.join(""), joinCalls(wholeCalls ?? callParts));
  const last = events.at(-1);
  merged.isComplete =
    merged.finishReason !== null ||
    (merged.error === null && (isDone || last?.done === true || typeof last?.value === "string"));
  return merged;
}

/** Events that carry the answer so far: Anthropic's message_start, OpenAI's response.* and thread.*, and Cohere's stream-end. */
function wholeAnswer(event: JsonRecord): JsonRecord | null {
  if (event.type === "message_start") return asRecord(event.message);
  if (event.object === "thread.run" || event.object === "thread.message") return event;
  return asRecord(event.response) ?? asRecord(event.interaction);
}

function overlay(merged: StreamedAnswer, next: Answer): void {
  for (const name of ["id", "model", "createdAt"] as const) {
    if (merged[name] === null) (merged[name] as Answer[typeof name]) = next[name];
  }
  for (const name of ["finishReason", "serviceTier", "latencyMs", "ttftMs", "error"] as const) {
    if (next[name] !== null) (merged[name] as Answer[typeof name]) = next[name];
  }
  merged.usageRaw = mergeUsage(merged.usageRaw, next.usageRaw);
  merged.isAnswer ||= next.isAnswer;
}

function mergeUsage(before: unknown, after: unknown): unknown {
  const [first, second] = [asRecord(before), asRecord(after)];
  if (first === null || second === null) return second ?? first;
  // Bedrock ends a model's native stream with its own metrics: they repeat a full count and complete a partial one.
  if ("inputTokenCount" in second && !("inputTokenCount" in first))
    return "output_tokens" in first || "outputTokens" in first ? first : second;
  return { ...first, ...Object.fromEntries(Object.entries(second).filter(([, value]) => value !== null)) };
}
