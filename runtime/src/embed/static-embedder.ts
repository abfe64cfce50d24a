import { ArtifactError, ArtifactFault } from "../artifact/artifact-error.js";
import { sha256, sha256Hex } from "../hash/sha256.js";
import type { Embedder } from "./embedder.js";
import { forEachGram } from "./embedding-tokens.js";
import { sumTokenVectors } from "./token-vectors.js";

/** First bytes of an embedder file: a name, and bytes that a transfer in text mode would change. */
export const embedderMagic = [0x53, 0x42, 0x45, 0x4d, 0x42, 0x0d, 0x0a, 0x1a] as const;
export const embedderVersion = 1;
/** Where the header begins: after magic, version, header length and checksum. */
export const embedderHeaderStart = 48;

const checksumStart = 16;
const largestDim = 4_096;
const largestRows = 2 ** 22;

/** The header of an embedder file; readers ignore keys that they don't know. */
export interface EmbedderHeader {
  id: string;
  dim: number;
  /** Rows of words, the first ones of the table. */
  words: number;
  /** Rows of hashed n-grams, after the words: a power of two. */
  buckets: number;
  vocabulary_bytes: number;
  /** Model that the table was distilled from. */
  teacher: { id: string; sha256: string; dim: number; licence: string };
  /** What must be passed on with the file. */
  notice: string;
  /** What the table was trained on, and how. */
  training: Record<string, unknown>;
}

/** An embedder read from a file, with what the file says of itself. */
export interface StaticEmbedder extends Embedder {
  readonly header: EmbedderHeader;
}

/** Numbers the rows of the table that a token sums up: the word's own row if it is in the vocabulary, then one row for each
 * of its n-grams. */
export type RowVisitor = (token: string, visit: (row: number) => void) => void;

/** Make the row numbering of a vocabulary and a number of n-gram buckets: the one that training and reading share.
 * @param buckets a power of two */
export function createRowVisitor(words: readonly string[], buckets: number): RowVisitor {
  const rowOfWord = new Map(words.map((word, row) => [word, row]));
  return (token, visit) => {
    const row = rowOfWord.get(token);
    if (row !== undefined) visit(row);
    forEachGram(token, (hash) => visit(words.length + (hash & (buckets - 1))));
  };
}

/** Read an embedder file: a static table, int8 rows with a scale each, that sums word and n-gram rows of a text. The bytes
 * may be reused afterwards. docs/embeddings.md specifies the format.
 * @param path names the file in messages
 * @throws {ArtifactError} on bytes that are no embedder file, another version, or damaged */
export function readStaticEmbedder(bytes: Uint8Array, path = "embedder"): StaticEmbedder {
  const reader = new EmbedderReader(bytes, path);
  reader.checkFrame();
  const header = reader.readHeader();
  const { dim, buckets } = header;
  const { words, scales, rows } = reader.readTable(header);
  const visitRows = createRowVisitor(words, buckets);
  const embed = sumTokenVectors(dim, (token, sum) => {
    visitRows(token, (row) => {
      const scale = scales[row]!;
      const start = row * dim;
      for (let i = 0; i < dim; i++) sum[i]! += scale * rows[start + i]!;
    });
  });
  return { id: header.id, dim, sha256: sha256Hex(bytes), header, embed };
}

class EmbedderReader {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly path: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  checkFrame(): void {
    const { bytes, view } = this;
    if (embedderMagic.some((byte, i) => bytes[i] !== byte)) {
      throw this.fault("is no embedder file; make one with: signalbox embed distil");
    }
    if (bytes.length < embedderHeaderStart) throw this.fault("is cut off; copy it again");
    const version = view.getUint32(8, true);
    if (version !== embedderVersion) {
      throw new ArtifactError(
        ArtifactFault.unsupportedVersion,
        this.path,
        `is of format ${version}, this runtime reads ${embedderVersion}; install a matching @signalbox/runtime or distil it again`,
      );
    }
    const checksum = sha256(bytes.subarray(embedderHeaderStart));
    if (checksum.some((byte, i) => byte !== bytes[checksumStart + i])) {
      throw new ArtifactError(
        ArtifactFault.badHash,
        this.path,
        "doesn't match its checksum, so it was cut off or changed; copy it again, or distil it again",
      );
    }
  }

  readHeader(): EmbedderHeader {
    const end = embedderHeaderStart + this.headerBytes();
    let header: EmbedderHeader;
    try {
      header = JSON.parse(new TextDecoder().decode(this.bytes.subarray(embedderHeaderStart, end)));
    } catch (cause) {
      throw this.fault("has a header that is no JSON; distil it again", cause);
    }
    const { id, dim, words, buckets, vocabulary_bytes: vocabularyBytes } = header ?? {};
    if (typeof id !== "string") throw this.fault("has a header without an id; distil it again");
    this.checkCount("dim", dim, 1, largestDim);
    this.checkCount("words", words, 0, largestRows);
    this.checkCount("buckets", buckets, 1, largestRows);
    this.checkCount("vocabulary_bytes", vocabularyBytes, 0, this.bytes.length);
    if ((buckets & (buckets - 1)) !== 0) throw this.fault(`has ${buckets} buckets, no power of two`);
    return header;
  }

  readTable({ dim, words: wordCount, buckets, vocabulary_bytes: vocabularyBytes }: EmbedderHeader): {
    words: string[];
    scales: Float32Array;
    rows: Int8Array;
  } {
    const vocabularyStart = embedderHeaderStart + this.headerBytes();
    const vocabularyEnd = vocabularyStart + vocabularyBytes;
    const scalesStart = Math.ceil(vocabularyEnd / 4) * 4;
    const count = wordCount + buckets;
    const rowsStart = scalesStart + 4 * count;
    const size = rowsStart + count * dim;
    if (this.bytes.length !== size) {
      throw this.fault(`has ${this.bytes.length} bytes where its header makes ${size}; distil it again`);
    }
    const text = new TextDecoder().decode(this.bytes.subarray(vocabularyStart, vocabularyEnd));
    const words = text === "" ? [] : text.split("\n");
    if (words.length !== wordCount) {
      throw this.fault(`has ${words.length} words where its header says ${wordCount}; distil it again`);
    }
    const scales = Float32Array.from({ length: count }, (_, row) =>
      this.view.getFloat32(scalesStart + 4 * row, true),
    );
    const bad = scales.findIndex((scale) => !(scale >= 0 && scale < Number.POSITIVE_INFINITY));
    if (bad >= 0) throw this.fault(`has a scale of ${scales[bad]} in row ${bad}; distil it again`);
    return { words, scales, rows: new Int8Array(this.bytes.subarray(rowsStart)) };
  }

  private headerBytes(): number {
    return this.view.getUint32(12, true);
  }

  private checkCount(name: string, value: unknown, from: number, to: number): void {
    if (!Number.isInteger(value) || (value as number) < from || (value as number) > to) {
      throw this.fault(`has a ${name} of ${String(value)}, not a whole number from ${from} to ${to}`);
    }
  }

  private fault(message: string, cause?: unknown): ArtifactError {
    return new ArtifactError(ArtifactFault.badEmbedder, this.path, message, { cause });
  }
}
