import { hashedEmbedder } from "@signalbox/runtime";
import { openTeacher } from "../../models/embed/open-teacher.js";
import { listNeighbours, type NeighbourLists } from "./bench-cache-neighbours.js";
import { keptBytes } from "./bench-cache-store.js";

/** What the benchmark embeds with. */
export const benchEmbedders = ["use", "hashed"] as const;
export type BenchEmbedder = (typeof benchEmbedders)[number];

/** The vectors of a set's texts with each one's nearest others. */
export interface VectorSet {
  /** One per different text. */
  vectors: readonly Float32Array[];
  /** Place of a vector, by the object. */
  rowOf: Map<Float32Array, number>;
  lists: NeighbourLists;
  /** @returns the same object for the same text
   * @throws {Error} for a text that isn't in the set */
  embed: (text: string) => Float32Array;
}

const dim = 512;
/** At half of the rows indexed, some 150 of these are: more than any search asks for. */
const listWidth = 300;

/** Embed all texts and find their neighbours, or read what an earlier run found. */
export async function openVectorSet(given: readonly string[], embedder: BenchEmbedder): Promise<VectorSet> {
  const texts = [...new Set(given)];
  const all = new Float32Array(
    await keptBytes(["vectors-1", embedder, ...texts], () => embedAll(texts, embedder)),
  );
  const listed = await keptBytes(["lists-1", embedder, String(listWidth), ...texts], async () =>
    packLists(await listNeighbours(all, dim, listWidth)),
  );
  const vectors = texts.map((_, row) => all.subarray(row * dim, (row + 1) * dim));
  const vectorOf = new Map(texts.map((text, row) => [text, vectors[row]!]));
  return {
    vectors,
    rowOf: new Map(vectors.map((vector, row) => [vector, row])),
    lists: readLists(listed, texts.length),
    embed(text) {
      const vector = vectorOf.get(text);
      if (vector === undefined) throw new Error(`not a text of the set: ${JSON.stringify(text)}`);
      return vector;
    },
  };
}

async function embedAll(texts: readonly string[], embedder: BenchEmbedder): Promise<ArrayBuffer> {
  const all = new Float32Array(texts.length * dim);
  const keep = (vector: Float32Array, row: number) => {
    all.set(vector, row * dim);
  };
  if (embedder === "hashed") {
    const { embed } = hashedEmbedder(dim);
    texts.map(embed).forEach(keep);
    return all.buffer;
  }
  const teacher = await openTeacher({ model: null, tokenizer: null });
  try {
    (await teacher.embed(texts)).forEach(keep);
  } finally {
    await teacher.release();
  }
  return all.buffer;
}

function packLists({ rows, cosines }: NeighbourLists): ArrayBuffer {
  const packed = new ArrayBuffer(rows.byteLength + cosines.byteLength);
  new Int32Array(packed, 0, rows.length).set(rows);
  new Float32Array(packed, rows.byteLength).set(cosines);
  return packed;
}

function readLists(packed: ArrayBuffer, count: number): NeighbourLists {
  const cells = packed.byteLength / 8;
  return {
    width: cells / count,
    rows: new Int32Array(packed, 0, cells),
    cosines: new Float32Array(packed, 4 * cells),
  };
}
