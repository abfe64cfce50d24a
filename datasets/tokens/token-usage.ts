/** Canonical token counts: disjoint parts, so that nothing can be billed twice. `input` parts sum to the total input,
 * `output` parts to the total output; audio and image are *of which* counts already inside the parts.
 * null = the source did not say. */
export interface TokenUsage {
  inputUncached: number;
  inputCacheRead: number;
  inputCacheWrite5m: number;
  inputCacheWrite1h: number;
  outputText: number;
  outputReasoning: number;
  inputAudio: number | null;
  inputImage: number | null;
  outputAudio: number | null;
  /** Of the cache reads: audio. */
  inputCacheReadAudio?: number | null;
  /** Image models charge their images apart from the text around them. */
  outputImage?: number | null;
  /** Searches that the provider made and charges one by one. */
  webSearches?: number | null;
  /** Set where nothing counts the output and its parts are 0 for want of a number: {@link settleUsage} decides whether they are. */
  outputUnknown?: true;
}

/** Sum of the input parts. */
export function inputTotal(usage: TokenUsage): number {
  return usage.inputUncached + usage.inputCacheRead + usage.inputCacheWrite5m + usage.inputCacheWrite1h;
}

/** Sum of the output parts. */
export function outputTotal(usage: TokenUsage): number {
  return usage.outputText + usage.outputReasoning;
}
