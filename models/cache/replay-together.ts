import type { CacheItem } from "./cache-item.js";
import { type ReplayOptions, type ReplayTotals, replayCache, replayDefaults } from "./replay-cache.js";
import { SharedIndexes } from "./shared-indexes.js";

/** One of several caches over the same stream. */
export interface TogetherOptions extends Omit<ReplayOptions, "embed" | "openIndex" | "warm" | "recallEvery"> {
  /** Least cosine that the policy can serve; its neighbours below may be missing, and recall is then not measured. Use -1 for a
   * policy that looks at all. */
  floor: number;
}

/** Replay one stream through several caches in step: each request is embedded once and searched once for all of them, so that a
 * sweep over thresholds costs little more than one replay. Each cache decides as {@link replayCache} decides alone.
 * @param items in the order of `at`; read once
 * @returns the totals, in the order of the caches */
export async function replayTogether(
  items: AsyncIterable<CacheItem>,
  embed: (text: string) => Float32Array,
  caches: readonly TogetherOptions[],
): Promise<ReplayTotals[]> {
  const indexes = new SharedIndexes();
  const embedOnce = rememberLast(embed);
  const streams = inStep(items, caches.length);
  return Promise.all(
    caches.map(({ floor, neighbours = replayDefaults.neighbours, ...options }, i) =>
      replayCache(streams[i]!, {
        ...options,
        neighbours,
        embed: embedOnce,
        openIndex: indexes.opener(floor),
      }),
    ),
  );
}

function rememberLast(embed: (text: string) => Float32Array): (text: string) => Float32Array {
  let last: { text: string; vector: Float32Array } | null = null;
  return (text) => {
    if (last?.text !== text) last = { text, vector: embed(text) };
    return last.vector;
  };
}

/** One iterator for many readers: the next value is fetched when all have asked for it. */
function inStep<T>(source: AsyncIterable<T>, readers: number): Array<AsyncIterable<T>> {
  const iterator = source[Symbol.asyncIterator]();
  let waiting: Array<{ resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void }> = [];
  let isOver = false;
  const end = { done: true, value: undefined } as const;

  function advance(): void {
    const asked = waiting;
    waiting = [];
    iterator.next().then(
      (result) => {
        for (const { resolve } of asked) resolve(isOver ? end : result);
      },
      (error) => {
        for (const { reject } of asked) reject(error);
      },
    );
  }

  async function stop(): Promise<IteratorResult<T>> {
    if (!isOver) {
      isOver = true;
      for (const { resolve } of waiting) resolve(end);
      await iterator.return?.();
    }
    return end;
  }

  const reader: AsyncIterator<T> = {
    next: () =>
      new Promise((resolve, reject) => {
        if (isOver) return resolve(end);
        waiting.push({ resolve, reject });
        if (waiting.length === readers) advance();
      }),
    return: stop,
  };
  return Array.from({ length: readers }, () => ({ [Symbol.asyncIterator]: () => reader }));
}
