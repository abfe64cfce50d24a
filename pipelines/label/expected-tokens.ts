import type { JudgeCall } from "./judge.js";

/** Input tokens that a call can be expected to take: four characters a token. */
export function expectedInputTokens({ messages }: Pick<JudgeCall, "messages">): number {
  return Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4);
}

/** Output tokens that a verdict with its rationale can be expected to take. */
export const verdictTokens = 80;
