/** Prices of input, USD per token. */
export interface PrefixPrices {
  input: number;
  /** Read from the prompt cache; NaN = unknown. */
  cacheRead: number;
  /** Written to it; NaN = unknown, as are providers' that charge nothing for writing. */
  cacheWrite: number;
}

/** What a token read from the prompt cache saves, USD; 0 where no cached price is known or it is not lower. */
export function readSaving({ input, cacheRead }: PrefixPrices): number {
  return cacheRead < input ? input - cacheRead : 0;
}

/** What a token written to the prompt cache costs beyond plain input, USD: a quarter of the input price at Anthropic, nothing at OpenAI. */
export function writeSurcharge({ input, cacheWrite }: PrefixPrices): number {
  return cacheWrite > input ? cacheWrite - input : 0;
}

/** What reading a prefix saves after its writing is paid, USD, never negative: who loses by caching doesn't ask for it.
 * @param read tokens read
 * @param written tokens that were or are to be written for it and for the next turn, and not yet paid for */
export function prefixValue(read: number, written: number, prices: PrefixPrices): number {
  return Math.max(0, read * readSaving(prices) - written * writeSurcharge(prices));
}
