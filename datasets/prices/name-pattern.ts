/** A model name or a pattern with `*` for any text, ready to be compared. Letter case doesn't matter. */
export interface NamePattern {
  text: string;
  /** Characters that must fit: an exact name beats every pattern, a longer pattern a shorter one. */
  specificity: number;
  fits(name: string): boolean;
}

/** Compile a name or pattern. */
export function namePattern(text: string): NamePattern {
  const wanted = text.trim().toLowerCase();
  const pieces = wanted.split("*");
  if (pieces.length === 1)
    return { text, specificity: Infinity, fits: (name) => name.toLowerCase() === wanted };
  return {
    text,
    specificity: wanted.length - pieces.length + 1,
    fits: (name) => fitsPieces(name.toLowerCase(), pieces),
  };
}

/** Takes each piece at its first place after the one before: linear, unlike the regular expression of a hostile pattern. */
function fitsPieces(name: string, pieces: readonly string[]): boolean {
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  let from = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
