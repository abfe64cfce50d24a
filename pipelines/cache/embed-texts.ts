import type { Progress } from "../../datasets/progress.js";
import type { CacheEmbedder } from "./open-cache-embedder.js";
import type { TracedItem } from "./traced-item.js";

const textsPerCall = 2_000;

/** A function that knows the vector of each item's text: computed when asked by a local embedder, beforehand by an encoder. */
export async function embedTexts(
  items: readonly TracedItem[],
  { embedOne, embedAll, dim }: CacheEmbedder,
  onProgress?: Progress,
): Promise<(text: string) => Float32Array> {
  if (embedOne !== null) return embedOne;
  const texts = [...new Set(items.filter(({ neverCache }) => neverCache === null).map(({ text }) => text))];
  const vectors = new Map<string, Float32Array>();
  for (let from = 0; from < texts.length; from += textsPerCall) {
    const some = texts.slice(from, from + textsPerCall);
    const embedded = await embedAll(some);
    some.forEach((text, i) => {
      vectors.set(text, embedded[i]!);
    });
    onProgress?.({ label: "embedding", done: vectors.size, total: texts.length, unit: "texts" });
  }
  return (text) => vectors.get(text) ?? new Float32Array(dim);
}
