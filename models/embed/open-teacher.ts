import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { scaleToUnit } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { openSentenceSession, type SentenceSession } from "../onnx/sentence-session.js";
import { encodeUseLite, useLiteTokens } from "./encode-use-lite.js";
import { readTokenizer } from "./read-tokenizer.js";
import { readUseLite, useLitePackage } from "./read-use-lite.js";
import type { Tokenizer } from "./tokenizer.js";
import { unigramTokenizer } from "./unigram-tokenizer.js";

/** A sentence encoder that a static table is distilled from. */
export interface Teacher {
  id: string;
  /** SHA-256 of its weights and vocabulary. */
  sha256: string;
  dim: number;
  licence: string;
  /** Words that it knows as wholes, most frequent first; none for most. */
  words: readonly string[];
  /** Vectors of length 1, one per text, in order. */
  embed(texts: readonly string[], onProgress?: Progress): Promise<Float32Array[]>;
  release(): Promise<void>;
}

/** Which encoder to open: an ONNX file with its tokenizer, or USE-lite from its package when both are null. */
export interface TeacherOptions {
  model: string | null;
  tokenizer: string | null;
  /** Longest input of a named model, in tokens. */
  maxTokens?: number;
  threads?: number;
}

/** Tokens per call of the encoder, padding included. */
const tokensPerCall = 4_096;

/** Open the sentence encoder that teaches.
 * @throws {InputError} if it isn't installed, can't be read, or isn't a sentence encoder that can be run */
export async function openTeacher(options: TeacherOptions): Promise<Teacher> {
  const { model, tokenizer, maxTokens = 128, threads = 1 } = options;
  if (model === null) {
    if (tokenizer !== null) throw new InputError("--tokenizer needs --teacher; name the ONNX model too");
    return openUseLite(threads);
  }
  if (tokenizer === null) {
    throw new InputError(
      "--teacher needs --tokenizer; name the tokenizer.json that the model was trained with",
    );
  }
  const bytes = readBytes(model);
  const hash = createHash("sha256").update(bytes).update(readBytes(tokenizer)).digest("hex");
  const encode = readTokenizer(tokenizer);
  const session = await openSentenceSession(bytes, { threads }).catch((cause) => {
    throw new InputError(`${model}: not a sentence encoder that can be run: ${cause.message}`, { cause });
  });
  const identity = { id: basename(model), sha256: hash, licence: "as the model's own", words: [] };
  return makeTeacher(identity, encode, session, maxTokens).catch((cause) => {
    throw new InputError(`${model}: can't embed a text: ${cause.message}`, { cause });
  });
}

async function openUseLite(threads: number): Promise<Teacher> {
  const { weights, vocabulary, sha256 } = readUseLite();
  const session = await openSentenceSession(encodeUseLite(weights), { threads });
  const words = vocabulary
    .filter(([piece]) => /^\u2581\p{L}+$/u.test(piece))
    .map(([piece]) => piece.slice(1));
  const identity = {
    id: `use-lite (${useLitePackage})`,
    sha256,
    licence: "Apache-2.0",
    words: [...new Set(words.map((word) => word.toLowerCase()))],
  };
  return makeTeacher(identity, unigramTokenizer(vocabulary, 0), session, useLiteTokens);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new InputError(`${path}: can't be read: ${(cause as Error).message}`, { cause });
  }
}

async function makeTeacher(
  identity: Pick<Teacher, "id" | "sha256" | "licence" | "words">,
  tokenizer: Tokenizer,
  session: SentenceSession,
  maxTokens: number,
): Promise<Teacher> {
  const embed: Teacher["embed"] = async (texts, onProgress) => {
    const inputs = texts.map((text, i) => ({ i, ids: tokenizer.encode(text, maxTokens) }));
    inputs.sort((a, b) => a.ids.length - b.ids.length || a.i - b.i);
    const vectors: Float32Array[] = new Array(texts.length);
    for (let from = 0; from < inputs.length; ) {
      const batch = nextBatch(inputs, from);
      const rows = await session.run(batch.map(({ ids }) => ids));
      rows.forEach((row, j) => {
        vectors[batch[j]!.i] = scaleToUnit(row);
      });
      from += batch.length;
      onProgress?.({ label: "asking the teacher", done: from, total: texts.length, unit: "texts" });
    }
    return vectors;
  };
  const [probe] = await embed(["probe"]);
  return { ...identity, dim: probe!.length, embed, release: () => session.release() };
}

/** Inputs of one token count, so that no row is padded and a batch can't change its rows. */
function nextBatch<Input extends { ids: number[] }>(inputs: readonly Input[], from: number): Input[] {
  const { length } = inputs[from]!.ids;
  const limit = from + Math.max(1, Math.floor(tokensPerCall / Math.max(1, length)));
  let to = from + 1;
  while (to < limit && inputs[to]?.ids.length === length) to += 1;
  return inputs.slice(from, to);
}
