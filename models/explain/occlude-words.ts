/** A word of a text, and the text without it. */
export interface OccludedWord {
  /** In NFKC and lower case. */
  word: string;
  /** How often it occurs. */
  count: number;
  /** The text with every occurrence cut out, all else as it is. */
  without: string;
}

/** Every distinct word of a text with the text that is left when all its occurrences are cut out, in order of first occurrence. Words
 * are those of Unicode's segmentation, so that Chinese or Thai has some, too.
 * @param limit words beyond so many are only counted
 * @see https://unicode.org/reports/tr29/ */
export function occludeWords(text: string, limit: number): { words: OccludedWord[]; leftOut: number } {
  const segments = [...segmenter.segment(text)].map(({ segment, isWordLike }) => ({
    segment,
    key: isWordLike === true ? segment.normalize("NFKC").toLowerCase() : null,
  }));
  const counts = new Map<string, number>();
  for (const { key } of segments) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  const words = [...counts].slice(0, limit).map(([word, count]) => ({
    word,
    count,
    without: segments.map(({ segment, key }) => (key === word ? "" : segment)).join(""),
  }));
  return { words, leftOut: counts.size - words.length };
}

const segmenter = new Intl.Segmenter("und", { granularity: "word" });
