import { createHash } from "node:crypto";
import { type EmbedderHeader, embedderHeaderStart, embedderMagic, embedderVersion } from "@signalbox/runtime";

/** A trained table in float32: word rows, then n-gram rows. */
export interface StaticTable {
  words: readonly string[];
  buckets: number;
  dim: number;
  /** Row-major, shape (words + buckets, dim), finite. */
  table: Float32Array;
}

/** Encode an embedder file: rows as int8 with a float32 scale each (largest magnitude to 127). The same table gives the same
 * bytes; `readStaticEmbedder` of the runtime reads them. docs/embeddings.md specifies the format. */
export function encodeStaticEmbedder(
  { words, buckets, dim, table }: StaticTable,
  about: Pick<EmbedderHeader, "id" | "teacher" | "notice" | "training">,
): Uint8Array {
  const vocabulary = new TextEncoder().encode(words.join("\n"));
  const header: EmbedderHeader = {
    id: about.id,
    dim,
    words: words.length,
    buckets,
    vocabulary_bytes: vocabulary.length,
    teacher: about.teacher,
    notice: about.notice,
    training: about.training,
  };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const rows = words.length + buckets;
  const vocabularyStart = embedderHeaderStart + headerBytes.length;
  const scalesStart = Math.ceil((vocabularyStart + vocabulary.length) / 4) * 4;
  const rowsStart = scalesStart + 4 * rows;
  const bytes = new Uint8Array(rowsStart + rows * dim);
  const view = new DataView(bytes.buffer);
  bytes.set(embedderMagic, 0);
  view.setUint32(8, embedderVersion, true);
  view.setUint32(12, headerBytes.length, true);
  bytes.set(headerBytes, embedderHeaderStart);
  bytes.set(vocabulary, vocabularyStart);
  const quantised = new Int8Array(bytes.buffer, rowsStart);
  for (let row = 0; row < rows; row++) {
    const scale = quantiseRow(table.subarray(row * dim, (row + 1) * dim), quantised.subarray(row * dim));
    view.setFloat32(scalesStart + 4 * row, scale, true);
  }
  bytes.set(createHash("sha256").update(bytes.subarray(embedderHeaderStart)).digest(), 16);
  return bytes;
}

function quantiseRow(values: Float32Array, out: Int8Array): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = Math.fround(largest / 127);
  if (scale > 0) {
    values.forEach((value, i) => {
      out[i] = Math.round(value / scale);
    });
  }
  return scale;
}
