import { hashUnit } from "./hash-unit.js";
import type { LoopbackOptions } from "./loopback-server.js";
import { type ChatMessage, simulateVerdict } from "./simulated-judge.js";
import { countTokens, hashId } from "./traffic.js";

/** The part of a chat completion request that the loopback server reads. */
export interface ChatBody {
  model: string;
  messages: ChatMessage[];
  max_completion_tokens?: number;
  response_format?: { type: string; json_schema?: { name: string } };
}

/** A chat completion as OpenAI shapes it. */
export interface ChatCompletion {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  system_fingerprint: string;
  choices: Array<{
    index: number;
    message: { role: "assistant"; content: string; refusal: null };
    logprobs: null;
    finish_reason: "stop" | "length";
  }>;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** Answer a chat call: a verdict for a judge prompt, else the named model's answer to the last user turn. */
export function completeChat(options: LoopbackOptions, body: ChatBody): ChatCompletion {
  const { seed, faults = {} } = options;
  const schemaName = body.response_format?.json_schema?.name;
  const verdict = schemaName ? simulateVerdict(options, schemaName, body.messages) : null;
  const text = verdict ?? candidateAnswer(options, body);
  const key = JSON.stringify([body.model, body.messages]);
  const happens = (fault: string, share = 0) => share > 0 && hashUnit(seed, fault, key) < share;
  const isMalformed = verdict !== null && happens("malformed", faults.malformedShare);
  const isCramped =
    verdict !== null &&
    (body.max_completion_tokens ?? Number.POSITIVE_INFINITY) < (faults.wordyVerdictTokens ?? 0);
  const isCut = isCramped || happens("truncated", faults.truncatedShare);
  const content = isCut
    ? text.slice(0, Math.floor(text.length / 2))
    : isMalformed
      ? "Both answers look fine to me!"
      : text;
  const promptTokens = body.messages.reduce((sum, message) => sum + countTokens(message.content), 0);
  const completionTokens = countTokens(content);
  return {
    id: `chatcmpl-sim-${hashId(20, seed, key)}`,
    object: "chat.completion",
    created: 1_700_000_000,
    model: body.model,
    system_fingerprint: "simulated-judge",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null },
        logprobs: null,
        finish_reason: isCut ? "length" : "stop",
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

function candidateAnswer({ world }: LoopbackOptions, { model, messages }: ChatBody): string {
  const userText = messages.findLast(({ role }) => role === "user")?.content ?? "";
  return world.answerOf(userText, model) ?? "Simulated: I have no planted answer to this.";
}
