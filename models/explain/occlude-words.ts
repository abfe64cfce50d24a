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
  const places = new Map<string, Array<{ start: number; end: number }>>();
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (isWordLike !== true) continue;
    const word = segment.normalize("NFKC").toLowerCase();
    const place = { start: index, end: index + segment.length };
    const known = places.get(word);
    if (known) known.push(place);
    else places.set(word, [place]);
  }
  const words = [...places].slice(0, limit).map(([word, all]) => ({
    word,
    count: all.length,
    without: cutOut(text, all),
  }));
  return { words, leftOut: places.size - words.length };
}

function cutOut(text: string, places: ReadonlyArray<{ start: number; end: number }>): string {
  let kept = "";
  let from = 0;
  for (const { start, end } of places) {
    kept += text.slice(from, start);
    from = end;
  }
  return kept + text.slice(from);
}

const segmenter = new Intl.Segmenter("und", { granularity: "word" });
