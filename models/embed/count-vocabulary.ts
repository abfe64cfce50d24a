import { countTokens } from "@signalbox/runtime";

const longestWord = 32;

/** A word and its share of all tokens, by which SIF weighs it. */
export interface VocabularyWord {
  word: string;
  share: number;
}

/** List the words that get a row of their own: those of the texts, most frequent first (the same frequency by code unit), then
 * the teacher's, which also have the share of a word seen once.
 * @param limit most words */
export function countVocabulary(
  texts: readonly string[],
  teacherWords: readonly string[],
  limit: number,
): VocabularyWord[] {
  const counts = new Map<string, number>();
  let total = 0;
  for (const text of texts) {
    for (const [token, count] of countTokens(text)) {
      total += count;
      if (token.length <= longestWord && !token.includes("\n")) {
        counts.set(token, (counts.get(token) ?? 0) + count);
      }
    }
  }
  const seen = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const added = teacherWords
    .filter((word) => !counts.has(word) && countTokens(word).has(word))
    .map((word): [string, number] => [word, 1]);
  return [...seen, ...added]
    .slice(0, limit)
    .map(([word, count]) => ({ word, share: count / Math.max(1, total) }));
}
