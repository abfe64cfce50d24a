// Every spelling of a token count in use, by what it counts. Where an object has several, the first that is not 0 holds.

export const INPUT = [
  "prompt_tokens",
  "input_tokens",
  "inputTokens",
  "promptTokens",
  "promptTokenCount",
  "prompt_token_count",
  "inputTokenCount",
  "input_token_count",
  "inputTextTokenCount",
  "prompt_eval_count",
  "native_tokens_prompt",
  "tokens_prompt",
  "total_input_tokens",
];
export const OUTPUT = [
  "completion_tokens",
  "output_tokens",
  "outputTokens",
  "completionTokens",
  "candidatesTokenCount",
  "candidates_token_count",
  "responseTokenCount",
  "response_token_count",
  "outputTokenCount",
  "output_token_count",
  "generation_token_count",
  "eval_count",
  "native_tokens_completion",
  "tokens_completion",
  "total_output_tokens",
  "totalOutputTextTokenCount",
];
export const TOTAL = ["total_tokens", "totalTokens", "totalTokenCount", "total_token_count"];
export const CACHE_READ = [
  "cache_read_input_tokens",
  "cacheReadInputTokens",
  "cacheReadInputTokenCount",
  "cachedContentTokenCount",
  "cached_content_token_count",
  "prompt_cache_hit_tokens",
  "cached_input_tokens",
  "cachedInputTokens",
  "cached_tokens",
  "cache_read_tokens",
  "input_cached_tokens",
  "native_tokens_cached",
  "total_cached_tokens",
];
export const CACHE_WRITE = [
  "cache_creation_input_tokens",
  "cacheWriteInputTokens",
  "cacheWriteInputTokenCount",
  "cache_write_tokens",
  "cache_write_input_tokens",
  "input_cache_write_tokens",
];
/** Anthropic's and Bedrock's own names: there the input count is what the cache did not serve. */
export const EXCLUSIVE_CACHE = [
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
  "cacheReadInputTokens",
  "cacheWriteInputTokens",
  "cacheReadInputTokenCount",
  "cacheWriteInputTokenCount",
];
export const REASONING = [
  "reasoning_tokens",
  "thinking_tokens",
  "reasoning",
  "reasoningTokens",
  "reasoning_output_tokens",
  "native_tokens_reasoning",
];
export const AUDIO = ["audio_tokens", "audio", "audioTokens"];
export const IMAGE = ["image_tokens", "image", "imageTokens"];
export const INPUT_DETAILS = [
  "prompt_tokens_details",
  "prompt_token_details",
  "input_tokens_details",
  "input_token_details",
  "inputTokenDetails",
  "inputTokensDetails",
];
export const OUTPUT_DETAILS = [
  "completion_tokens_details",
  "output_tokens_details",
  "output_token_details",
  "outputTokenDetails",
  "outputTokensDetails",
];
export const INPUT_MODALITIES = [
  "promptTokensDetails",
  "prompt_tokens_details",
  "toolUsePromptTokensDetails",
  "tool_use_prompt_tokens_details",
];
export const CACHE_MODALITIES = ["cacheTokensDetails", "cache_tokens_details"];
export const OUTPUT_MODALITIES = [
  "candidatesTokensDetails",
  "candidates_tokens_details",
  "responseTokensDetails",
  "response_tokens_details",
];
