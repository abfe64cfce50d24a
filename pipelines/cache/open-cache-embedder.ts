import { readFileSync } from "node:fs";
import { type Embedder, hashedEmbedder, readStaticEmbedder } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { openTeacher } from "../../models/embed/open-teacher.js";

/** Which embedder compares prompts: one file of `signalbox embed distil`, an ONNX encoder with its tokenizer ("use-lite" needs none), or
 * with both null the built-in hashed one, of `dim` numbers (512 when not given). */
export interface CacheEmbedderOptions {
  embedder: string | null;
  encoder: string | null;
  tokenizer: string | null;
  dim?: number;
}

/** An embedder for replays. */
export interface CacheEmbedder {
  id: string;
  sha256: string;
  dim: number;
  /** Vector of length 1 of a text, by arithmetic inside the caller's process; null for an encoder, which stands for a hosted model. */
  embedOne: ((text: string) => Float32Array) | null;
  /** Vectors of length 1, one per text. */
  embedAll(texts: readonly string[]): Promise<Float32Array[]>;
  release(): Promise<void>;
}

/** Open the embedder.
 * @throws {ArtifactError} if the embedder file is none, or damaged
 * @throws {InputError} if a file can't be read, or two embedders are named */
export async function openCacheEmbedder(options: CacheEmbedderOptions): Promise<CacheEmbedder> {
  const { embedder, encoder, tokenizer, dim } = options;
  if (embedder !== null && encoder !== null) {
    throw new InputError("--embedder and --encoder are two embedders; name one of them");
  }
  if (tokenizer !== null && encoder === null) {
    throw new InputError("--tokenizer needs --encoder; name the ONNX model too");
  }
  if (dim !== undefined && (encoder !== null || embedder !== null)) {
    throw new InputError("--dim is for the built-in embedder; leave it out with --embedder and --encoder");
  }
  if (encoder !== null) return openEncoder(encoder, tokenizer);
  return localEmbedder(embedder === null ? openHashed(dim) : readEmbedder(embedder));
}

async function openEncoder(encoder: string, tokenizer: string | null): Promise<CacheEmbedder> {
  const isNamed = encoder !== "use-lite";
  if (isNamed && tokenizer === null) {
    throw new InputError(
      "--encoder needs --tokenizer; name the tokenizer.json that the model was trained with",
    );
  }
  const { id, sha256, dim, embed, release } = await openTeacher({
    model: isNamed ? encoder : null,
    tokenizer,
  });
  return { id, sha256, dim, embedOne: null, embedAll: (texts) => embed(texts), release };
}

function openHashed(dim: number | undefined): Embedder {
  try {
    return hashedEmbedder(dim);
  } catch (cause) {
    throw new InputError(`--dim: ${(cause as Error).message}`, { cause });
  }
}

function localEmbedder({ id, sha256, dim, embed }: Embedder): CacheEmbedder {
  return {
    id,
    sha256,
    dim,
    embedOne: embed,
    embedAll: async (texts) => texts.map((text) => embed(text)),
    release: async () => {},
  };
}

function readEmbedder(path: string): Embedder {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new InputError(`${path}: can't be read (${(cause as Error).message})`, { cause });
  }
  return readStaticEmbedder(bytes, path);
}
