/** Latin letters with an invisible character between them, or next to a Cyrillic letter that looks like one. */
const disguise =
  /\p{Script=Latin}(?:[\u00ad\u200b-\u200d\u2060\ufeff]\p{Script=Latin}|\p{Script=Cyrillic})|\p{Script=Cyrillic}\p{Script=Latin}/u;

/** Whether a text hides its words from n-grams while people read it as before: invisible characters inside words, or letters
 * of two scripts in one word. Honest texts hardly ever do. Invisible characters where scripts need them (Persian, Indic, emoji)
 * don't count. */
export function isDisguised(text: string): boolean {
  return disguise.test(text);
}
