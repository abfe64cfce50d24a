/** An axis label in two lines when it is long for a phone: cut at the space nearest to its middle. Draw it with wrappedAxis. */
export function wrapLabel(text: string): string {
  if (text.length <= longest) return text;
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  if (spaces.length === 0) return text;
  const middle = text.length / 2;
  const cut = spaces.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best));
  return `${text.slice(0, cut)}\n${text.slice(cut + 1)}`;
}

/** Characters that fit on one line beside a chart of a phone's width. */
const longest = 20;

/** The axis of labels that wrapLabel may have broken. */
export const wrappedAxis = { labelExpr: "split(datum.label, '\\n')" };
