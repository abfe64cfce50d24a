import type { Tokenizer } from "./tokenizer.js";

/** A piece and its log probability. */
export type Piece = readonly [string, number];

const separator = "\u2581";
/** How much less likely an unknown unit is than the least likely piece, in natural log. */
const unknownPenalty = 10;

/** SentencePiece's unigram tokenizer: the most likely segmentation, by Viterbi over a trie, in time linear in the text. White
 * space counts as one separator, and one stands before the text; units that no piece covers are merged to one unknown id.
 * @param pieces id of a piece is its place
 * @see Kudo 2018, Subword Regularization; SentencePiece, unigram_model.cc */
export function unigramTokenizer(pieces: readonly Piece[], unknownId: number): Tokenizer {
  const trie = buildTrie(pieces);
  const longest = pieces.reduce((most, [piece]) => Math.max(most, piece.length), 1);
  const unknownScore = pieces.reduce((least, [, score]) => Math.min(least, score), 0) - unknownPenalty;
  return {
    encode: (text, limit) => {
      const words = text.normalize("NFKC").trim().split(/\s+/u);
      const source = words[0] === "" ? "" : separator + words.join(separator);
      const lattice = bestPieces(source.slice(0, limit * longest), trie, unknownId, unknownScore);
      return mergeUnknown(lattice, unknownId).slice(0, limit);
    },
  };
}

interface TrieNode {
  children: Map<number, TrieNode>;
  /** -1 where no piece ends. */
  id: number;
  score: number;
}

function buildTrie(pieces: readonly Piece[]): TrieNode {
  const root: TrieNode = { children: new Map(), id: -1, score: 0 };
  pieces.forEach(([piece, score], id) => {
    // A probability of 1 marks control symbols, which text never gives.
    if (score === 0 || piece === "") return;
    let node = root;
    for (let i = 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i);
      const next = node.children.get(unit) ?? { children: new Map(), id: -1, score: 0 };
      node.children.set(unit, next);
      node = next;
    }
    node.id = id;
    node.score = score;
  });
  return root;
}

function bestPieces(source: string, trie: TrieNode, unknownId: number, unknownScore: number): number[] {
  const { length } = source;
  const score = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  const start = new Int32Array(length + 1);
  const piece = new Int32Array(length + 1);
  const offer = (from: number, to: number, id: number, gain: number): void => {
    if (score[from]! + gain <= score[to]!) return;
    score[to] = score[from]! + gain;
    start[to] = from;
    piece[to] = id;
  };
  score[0] = 0;
  for (let from = 0; from < length; from++) {
    let hasUnit = false;
    let node = trie.children.get(source.charCodeAt(from));
    for (let to = from + 1; node !== undefined; to++) {
      if (node.id >= 0) {
        offer(from, to, node.id, node.score);
        hasUnit ||= to === from + 1;
      }
      node = to < length ? node.children.get(source.charCodeAt(to)) : undefined;
    }
    if (!hasUnit) offer(from, from + 1, unknownId, unknownScore);
  }
  const ids: number[] = [];
  for (let end = length; end > 0; end = start[end]!) ids.push(piece[end]!);
  return ids.reverse();
}

function mergeUnknown(ids: readonly number[], unknownId: number): number[] {
  return ids.filter((id, i) => id !== unknownId || ids[i - 1] !== unknownId);
}
