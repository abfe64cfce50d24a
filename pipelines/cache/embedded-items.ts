import { type FileHandle, open, rm } from "node:fs/promises";
import type { Progress } from "../../datasets/progress.js";
import type { CacheEmbedder } from "./open-cache-embedder.js";
import type { StagedItems } from "./stage-items.js";
import type { TracedItem } from "./traced-item.js";

/** Staged items with their vectors at hand, for several replays. */
export interface EmbeddedItems {
  /** One pass over the items; while one is looked at, `embed` knows the vector of its text.
   * @param onBatch is waited for after every few thousand items */
  pass(onBatch?: () => Promise<void>): {
    items: AsyncIterable<TracedItem>;
    embed: (text: string) => Float32Array;
  };
  close(): Promise<void>;
}

/** Put vectors beside staged items. A local embedder computes them anew in each pass, which is cheaper than to keep them; an
 * encoder computes them once, into a file that is read along, so that memory doesn't grow with the stream.
 * @param file to keep an encoder's vectors in; removed by `close` */
export async function embedItems(
  staged: StagedItems,
  embedder: CacheEmbedder,
  options: { file: string; total: number; onProgress?: Progress },
): Promise<EmbeddedItems> {
  const { embedOne } = embedder;
  if (embedOne !== null) {
    return {
      pass: (onBatch) => ({ items: flatten(staged.read(), onBatch), embed: embedOne }),
      close: async () => {},
    };
  }
  await writeVectors(staged, embedder, options);
  return {
    pass(onBatch) {
      const vectors = new Map<string, Float32Array>();
      return {
        items: flatten(readAlong(staged, embedder.dim, options.file, vectors), onBatch),
        embed: (text) => vectors.get(text) ?? new Float32Array(embedder.dim),
      };
    },
    close: () => rm(options.file, { force: true }),
  };
}

async function* flatten(
  batches: AsyncIterable<TracedItem[]>,
  onBatch?: () => Promise<void>,
): AsyncIterable<TracedItem> {
  for await (const batch of batches) {
    yield* batch;
    await onBatch?.();
  }
}

async function writeVectors(
  staged: StagedItems,
  embedder: CacheEmbedder,
  { file, total, onProgress }: { file: string; total: number; onProgress?: Progress },
): Promise<void> {
  const handle = await open(file, "w");
  try {
    let done = 0;
    for await (const batch of staged.read()) {
      const texts = [...new Set(batch.filter(isEmbedded).map(({ text }) => text))];
      const vectors = await embedder.embedAll(texts);
      const vectorOf = new Map(texts.map((text, i) => [text, vectors[i]!]));
      const rows = new Float32Array(batch.length * embedder.dim);
      batch.forEach((item, i) => {
        if (isEmbedded(item)) rows.set(vectorOf.get(item.text)!, i * embedder.dim);
      });
      await handle.appendFile(new Uint8Array(rows.buffer));
      done += batch.length;
      onProgress?.({ label: "embedding", done, total, unit: "requests" });
    }
  } finally {
    await handle.close();
  }
}

function isEmbedded({ text, neverCache }: TracedItem): boolean {
  return text !== "" && neverCache === null;
}

async function* readAlong(
  staged: StagedItems,
  dim: number,
  file: string,
  vectors: Map<string, Float32Array>,
): AsyncIterable<TracedItem[]> {
  const handle = await open(file, "r");
  try {
    for await (const batch of staged.read()) {
      const rows = await readRows(handle, batch.length * dim);
      vectors.clear();
      for (const [i, item] of batch.entries()) {
        if (isEmbedded(item)) vectors.set(item.text, rows.slice(i * dim, (i + 1) * dim));
      }
      yield batch;
    }
  } finally {
    await handle.close();
  }
}

async function readRows(handle: FileHandle, numbers: number): Promise<Float32Array> {
  const rows = new Float32Array(numbers);
  const bytes = new Uint8Array(rows.buffer);
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at);
    if (bytesRead === 0) throw new Error("the file of vectors is shorter than the stream");
    at += bytesRead;
  }
  return rows;
}
