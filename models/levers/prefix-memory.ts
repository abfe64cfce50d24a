/** What providers' prompt caches hold of one conversation: of each model, the prompt that it read last. A follow-up that repeats that prompt
 * reads it at the cached price while the entry lives. Times are microseconds, lengths tokens.
 * @see https://platform.openai.com/docs/guides/prompt-caching (from 1,024 tokens, 5 to 10 minutes idle);
 *   https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching (5 minutes, refreshed by each read) */
export class PrefixMemory {
  private readonly at: Float64Array;
  private readonly tokens: Float64Array;
  private readonly paid: Float64Array;
  private isEmpty = true;

  constructor(
    models: number,
    private readonly ttlUs: number,
    private readonly minTokens: number,
  ) {
    this.at = new Float64Array(models).fill(Number.NEGATIVE_INFINITY);
    this.tokens = new Float64Array(models);
    this.paid = new Float64Array(models);
  }

  /** Begin another conversation. */
  forget(): void {
    if (this.isEmpty) return;
    this.at.fill(Number.NEGATIVE_INFINITY);
    this.isEmpty = true;
  }

  /** Remember a prompt that a model has read.
   * @param paid tokens of it whose writing to the cache is paid for */
  remember(model: number, at: number, tokens: number, paid: number): void {
    this.at[model] = at;
    this.tokens[model] = tokens;
    this.paid[model] = paid;
    this.isEmpty = false;
  }

  /** Tokens that a model still holds at a time; 0 below the shortest prefix that is cached. */
  held(model: number, at: number): number {
    const tokens = this.tokens[model]!;
    return at - this.at[model]! <= this.ttlUs && tokens >= this.minTokens ? tokens : 0;
  }

  /** Tokens among those held whose writing is paid for. */
  paidFor(model: number): number {
    return this.paid[model]!;
  }
}
