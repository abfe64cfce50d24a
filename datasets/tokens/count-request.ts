import type { Message } from "@signalbox/runtime";
import { messageText } from "../sources/conversation.js";
import type { RequestDraft } from "../sources/source.js";
import type { TokenCounter } from "./count-tokens.js";

/** What of a request is counted. */
export type CountedTexts = Pick<
  RequestDraft,
  "prompt" | "promptState" | "output" | "endpoint" | "tools" | "hasJsonSchema" | "finishReason"
>;

/** Tokens of a request's texts as one vocabulary counts them, before calibration. */
export interface RequestCount {
  input: number;
  output: number;
  /** Tools or a schema came with the request, or the answer called one: providers bill what no text shows, and write definitions
   * in a notation of their own. */
  isStructured: boolean;
  /** Images, audio or files came with the prompt; nothing is counted for them. */
  hasMedia: boolean;
}

/** Count what was sent and answered. Chat messages cost 3 tokens and one for their role each, and the answer's start 3, as OpenAI documents.
 * @returns null when the log doesn't hold the whole prompt and the answer: half a count would pass for a small request
 * @see OpenAI cookbook, How to count tokens with tiktoken */
export function countRequest(draft: CountedTexts, count: TokenCounter): RequestCount | null {
  const { prompt, output, endpoint, tools } = draft;
  const offersTools = tools !== null && tools.length > 0;
  if (prompt === null || !isWhole(draft)) return null;
  const isPlain = endpoint === "embeddings" || endpoint === "completions";
  const overhead = isPlain ? { message: 0, reply: 0 } : { message: 4, reply: 3 };
  let input = overhead.reply;
  if (prompt.system !== null) input += overhead.message + count(prompt.system);
  let hasMedia = false;
  for (const message of prompt.messages) {
    input += overhead.message + count(messageText(message.content)) + countCalls(message, count);
    hasMedia ||= holdsMedia(message);
  }
  if (offersTools) input += count(JSON.stringify(tools));
  return {
    input,
    output: output === null ? 0 : count(output),
    isStructured: offersTools || draft.hasJsonSchema === true || draft.finishReason === "tool_calls",
    hasMedia,
  };
}

/** Whether the tokens of a request can be told from its texts: all of them are in the log, and no media came with them. */
export function isCountable(draft: CountedTexts): boolean {
  return isWhole(draft) && !(draft.prompt?.messages ?? []).some(holdsMedia);
}

function isWhole({ prompt, promptState, output, endpoint }: CountedTexts): boolean {
  return prompt !== null && promptState === "full" && (output !== null || endpoint === "embeddings");
}

function countCalls(message: Message, count: TokenCounter): number {
  const { tool_calls: calls } = message;
  return Array.isArray(calls) && calls.length > 0 ? count(JSON.stringify(calls)) : 0;
}

function holdsMedia({ content }: Message): boolean {
  if (typeof content === "string") return false;
  return (content ?? []).some((part) => typeof part !== "string" && part.type !== "text");
}
