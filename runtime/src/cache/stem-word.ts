/** A word without its commonest English endings (plural, -ed, -ing, final e), so that its forms compare as equal. Crude: stems are
 * for comparison, not for reading.
 * @param word lower case */
export function stemWord(word: string): string {
  let stem = word;
  if (stem.length > 3 && stem.endsWith("s") && !/(?:ss|us|is)$/.test(stem)) {
    stem = stem.endsWith("ies") && stem.length > 4 ? `${stem.slice(0, -3)}y` : stem.slice(0, -1);
  }
  if (stem.length > 5 && stem.endsWith("ing")) stem = undouble(stem.slice(0, -3));
  else if (stem.length > 4 && stem.endsWith("ed")) stem = undouble(stem.slice(0, -2));
  return stem.length > 3 && stem.endsWith("e") ? stem.slice(0, -1) : stem;
}

function undouble(stem: string): string {
  const last = stem.at(-1);
  return last === stem.at(-2) && !"lsz".includes(last ?? "") ? stem.slice(0, -1) : stem;
}
