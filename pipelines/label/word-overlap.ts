/** Share of the words of the shorter text that the other has too, in [0, 1]; words of three characters and more, without regard to case. */
export function wordOverlap(a: string, b: string): number {
  const [own, other] = [wordsOf(a), wordsOf(b)];
  const shared = [...own].filter((word) => other.has(word)).length;
  return shared / Math.max(1, Math.min(own.size, other.size));
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}
