/** The number that a text states as its answer: all of it is a number, its last line says "answer: N" or "#### N", or it boxes one.
 * A currency sign, a percent sign and thousands' commas are ignored; a fraction is divided.
 * @returns null if it states none */
export function statedNumber(text: string): number | null {
  const trimmed = text.trim();
  const boxed = [...trimmed.matchAll(/\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}/g)].at(-1)?.[1];
  if (boxed !== undefined) return readNumber(boxed);
  const lastLine = trimmed.split("\n").at(-1)!;
  const [, marked] =
    /(?:####|\b(?:final\s+)?answer\s*(?:is|:|=))\s*(.+)$/i.exec(lastLine.replaceAll("*", "")) ?? [];
  return readNumber(marked ?? trimmed);
}

/** The last number in a text; null if there is none. Weaker than {@link statedNumber}: enough to find a known number, not to say that
 * the text claims another. */
export function lastNumber(text: string): number | null {
  const found = text.replace(/(\d),(?=\d{3})/g, "$1").match(/[-−]?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi);
  return found === null ? null : Number(found.at(-1)!.replace("−", "-"));
}

/** A text that is a number and nothing else. */
function readNumber(text: string): number | null {
  const bare = text
    .replace(/^\s*[*$_`"'(]+|[*$_`"')]+\s*$/g, "")
    .replace(/\\[dt]?frac\{([^{}]+)\}\{([^{}]+)\}/, "$1/$2")
    .replace(/[\s$€£%]|\\[%$!,; ]/g, "")
    .replace(/(\d),(?=\d{3}(\D|$))/g, "$1")
    .replace("−", "-")
    .replace(/\.$/, "");
  const [, above, below] = /^(-?\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(bare) ?? [];
  if (above !== undefined && Number(below) !== 0) return Number(above) / Number(below);
  const isNumber = /^[-+]?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i.test(bare) && Number.isFinite(Number(bare));
  return isNumber ? Number(bare) : null;
}
