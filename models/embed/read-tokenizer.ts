import { InputError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import type { Tokenizer } from "./tokenizer.js";
import { type Piece, unigramTokenizer } from "./unigram-tokenizer.js";
import { wordPieceTokenizer } from "./wordpiece-tokenizer.js";

/** A tokenizer.json of Hugging Face, as far as it is read. */
interface TokenizerFile {
  model?: {
    type?: string;
    vocab?: Record<string, number> | Piece[];
    unk_token?: string;
    unk_id?: number | null;
    continuing_subword_prefix?: string;
    max_input_chars_per_word?: number;
  };
  normalizer?: {
    type?: string;
    lowercase?: boolean;
    normalizers?: Array<{ type?: string; lowercase?: boolean }>;
  };
  post_processor?: PostProcessor | null;
}

interface PostProcessor {
  type?: string;
  processors?: PostProcessor[];
  single?: Array<{ SpecialToken?: { id: string }; Sequence?: unknown }>;
  special_tokens?: Record<string, { ids: number[] }>;
  cls?: [string, number];
  sep?: [string, number];
}

/** Read a tokenizer.json of Hugging Face whose model is WordPiece or Unigram.
 * @throws {InputError} on another file, or another kind of tokenizer */
export function readTokenizer(path: string): Tokenizer {
  const remedy = "name a tokenizer.json (WordPiece or Unigram) with --tokenizer";
  const file = readJsonFile<TokenizerFile>(path, remedy);
  const inner = modelTokenizer(file);
  if (inner === null) {
    throw new InputError(
      `${path}: tokenizer model ${file.model?.type ?? "unknown"} is not supported; ${remedy}`,
    );
  }
  return addSpecialTokens(inner, file.post_processor ?? {});
}

function modelTokenizer({ model, normalizer }: TokenizerFile): Tokenizer | null {
  const { type, vocab } = model ?? {};
  if (type === "Unigram" && isPieces(vocab)) return unigramTokenizer(vocab, model?.unk_id ?? 0);
  if (type !== "WordPiece" || vocab === undefined || Array.isArray(vocab)) return null;
  const vocabulary = new Map(Object.entries(vocab));
  const parts = [normalizer ?? {}, ...(normalizer?.normalizers ?? [])];
  return wordPieceTokenizer({
    vocabulary,
    unknownId: vocabulary.get(model?.unk_token ?? "[UNK]") ?? 0,
    prefix: model?.continuing_subword_prefix ?? "##",
    isLowerCased: parts.some((part) => part.type === "Lowercase" || part.lowercase === true),
    longestWord: model?.max_input_chars_per_word ?? 100,
  });
}

function isPieces(value: unknown): value is Piece[] {
  const isPiece = (item: unknown) =>
    Array.isArray(item) && typeof item[0] === "string" && typeof item[1] === "number";
  return Array.isArray(value) && value.length > 0 && value.every(isPiece);
}

function addSpecialTokens(inner: Tokenizer, postProcessor: PostProcessor): Tokenizer {
  const { before, after } = specialTokens(postProcessor);
  const room = before.length + after.length;
  if (room === 0) return inner;
  return {
    encode: (text, limit) => [...before, ...inner.encode(text, Math.max(0, limit - room)), ...after],
  };
}

function specialTokens(postProcessor: PostProcessor): { before: number[]; after: number[] } {
  const { type, processors = [], single = [], special_tokens: ids = {}, cls, sep } = postProcessor;
  if (type === "Sequence") {
    const all = processors.map(specialTokens);
    return { before: all.flatMap(({ before }) => before), after: all.flatMap(({ after }) => after) };
  }
  if (type === "BertProcessing" || type === "RobertaProcessing") {
    return { before: cls ? [cls[1]] : [], after: sep ? [sep[1]] : [] };
  }
  const text = single.findIndex((part) => part.Sequence !== undefined);
  const idsOf = (parts: typeof single) =>
    parts.flatMap((part) => (part.SpecialToken ? (ids[part.SpecialToken.id]?.ids ?? []) : []));
  return { before: idsOf(single.slice(0, Math.max(0, text))), after: idsOf(single.slice(text + 1)) };
}
