import type { Tokenizer } from "./tokenizer.js";

/** What a WordPiece vocabulary needs to be read. */
export interface WordPieceOptions {
  vocabulary: ReadonlyMap<string, number>;
  unknownId: number;
  /** Mark of a piece that goes on a word, such as "##". */
  prefix: string;
  isLowerCased: boolean;
  /** Longer words are unknown as a whole. */
  longestWord: number;
}

const mark = /[\p{P}!-/:-@[-`{-~]/u;
const cjk = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/u;
const control = /[\p{Cc}\p{Cf}\ufffd]/gu;

/** BERT's tokenizer: words and single marks, each cut greedily into the longest pieces of the vocabulary. Lower-cased
 * models also lose their accents.
 * @see Devlin et al. 2018, BERT; tokenization.py of google-research/bert */
export function wordPieceTokenizer(options: WordPieceOptions): Tokenizer {
  return {
    encode: (text, limit) => {
      const ids: number[] = [];
      for (const word of splitWords(text, options.isLowerCased)) {
        if (ids.length >= limit) break;
        ids.push(...cutWord(word, options));
      }
      return ids.slice(0, limit);
    },
  };
}

function splitWords(text: string, isLowerCased: boolean): string[] {
  const clean = text.replace(/\s/gu, " ").replace(control, "");
  const folded = isLowerCased
    ? clean
        .toLowerCase()
        .normalize("NFD")
        .replace(/\p{Mn}/gu, "")
    : clean;
  const words: string[] = [];
  for (const run of folded.split(" ")) {
    let word = "";
    for (const character of run) {
      if (!mark.test(character) && !cjk.test(character)) {
        word += character;
        continue;
      }
      if (word !== "") words.push(word);
      words.push(character);
      word = "";
    }
    if (word !== "") words.push(word);
  }
  return words;
}

function cutWord(word: string, { vocabulary, unknownId, prefix, longestWord }: WordPieceOptions): number[] {
  const characters = [...word];
  if (characters.length > longestWord) return [unknownId];
  const ids: number[] = [];
  for (let from = 0; from < characters.length; ) {
    let to = characters.length;
    let id: number | undefined;
    for (; to > from; to--) {
      id = vocabulary.get((from > 0 ? prefix : "") + characters.slice(from, to).join(""));
      if (id !== undefined) break;
    }
    if (id === undefined) return [unknownId];
    ids.push(id);
    from = to;
  }
  return ids;
}
