import type { LanguageModelV3FinishReason, LanguageModelV3Usage } from "@ai-sdk/provider";
import type { CallResult } from "../../log/decision-record.js";

/** What the decision log keeps of an answer: the provider's own usage numbers where the AI SDK hands them on, else the SDK's under
 * the names of OpenAI chat, whose counts mean the same (input with cache reads and writes, output with reasoning). */
export function callResultOf(answer: {
  usage: LanguageModelV3Usage;
  finishReason: LanguageModelV3FinishReason;
}): Pick<CallResult, "usage" | "finishReason"> {
  const { usage, finishReason } = answer;
  return { usage: usage.raw ?? openAiUsage(usage), finishReason: finishReason.raw ?? finishReason.unified };
}

function openAiUsage({ inputTokens, outputTokens }: LanguageModelV3Usage): object {
  return {
    prompt_tokens: inputTokens.total,
    completion_tokens: outputTokens.total,
    prompt_tokens_details: { cached_tokens: inputTokens.cacheRead },
    completion_tokens_details: { reasoning_tokens: outputTokens.reasoning },
  };
}
