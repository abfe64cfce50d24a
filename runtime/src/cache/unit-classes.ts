/** How a UTF-16 unit takes part in words: the low two bits of `unitClass`. */
export const WordClass = { mark: 0, space: 1, letter: 2, ideograph: 3 } as const;

/** Scripts that the featuriser tells apart: the upper bits of `unitClass`, in the order of the dense features. */
export const scripts = [
  "latin",
  "cyrillic",
  "greek",
  "rtl",
  "indic",
  "han",
  "kana",
  "hangul",
  "southeast_asian",
] as const;

/** Word class (`unit & 3`) and script number (`unit >> 2`, 0 = none, 1 = `scripts[0]`, ...) of every UTF-16 unit. An
 * *ideograph* is a unit of a script that writes no spaces; each is a word of its own. */
export const unitClass: Uint8Array = buildUnitClasses();

/** Ranges are inclusive; a later line overrides an earlier one. docs/artifact.md repeats this table. */
function buildUnitClasses(): Uint8Array {
  const classes = new Uint8Array(0x10000).fill(WordClass.letter);
  const fill = (
    wordClass: number,
    script: number,
    ranges: ReadonlyArray<readonly [number, number]>,
  ): void => {
    for (const [low, high] of ranges) classes.fill(wordClass | (script << 2), low, high + 1);
  };
  const { mark, space, letter, ideograph } = WordClass;
  fill(letter, 1, [
    [0x00c0, 0x024f],
    [0x0250, 0x02af],
    [0x1e00, 0x1eff],
    [0x2c60, 0x2c7f],
    [0xa720, 0xa7ff],
  ]);
  fill(letter, 2, [
    [0x0400, 0x052f],
    [0x1c80, 0x1c8f],
    [0x2de0, 0x2dff],
    [0xa640, 0xa69f],
  ]);
  fill(letter, 3, [
    [0x0370, 0x03ff],
    [0x1f00, 0x1fff],
  ]);
  fill(letter, 4, [
    [0x0590, 0x08ff],
    [0xfb1d, 0xfdff],
    [0xfe70, 0xfefe],
  ]);
  fill(letter, 5, [[0x0900, 0x0dff]]);
  fill(ideograph, 6, [
    [0x2e80, 0x2fdf],
    [0x3400, 0x4dbf],
    [0x4e00, 0x9fff],
    [0xf900, 0xfaff],
  ]);
  fill(ideograph, 7, [
    [0x3040, 0x30ff],
    [0x31f0, 0x31ff],
    [0xff66, 0xff9f],
  ]);
  fill(letter, 8, [
    [0x1100, 0x11ff],
    [0x3130, 0x318f],
    [0xa960, 0xa97f],
    [0xac00, 0xd7ff],
  ]);
  fill(ideograph, 9, [
    [0x0e00, 0x0eff],
    [0x1000, 0x109f],
    [0x1780, 0x17ff],
  ]);
  fill(mark, 0, [
    [0x0021, 0x007e],
    [0x00a1, 0x00bf],
    [0x00d7, 0x00d7],
    [0x00f7, 0x00f7],
    [0x2010, 0x206f],
    [0x20a0, 0x20cf],
    [0x2190, 0x2bff],
    [0x3001, 0x303f],
    [0xfe10, 0xfe6f],
    [0xff01, 0xff0f],
    [0xff1a, 0xff20],
    [0xff3b, 0xff40],
    [0xff5b, 0xff65],
  ]);
  fill(letter, 0, [
    [0x0030, 0x0039],
    [0x005f, 0x005f],
  ]);
  fill(letter, 1, [
    [0x0041, 0x005a],
    [0x0061, 0x007a],
    [0x00aa, 0x00aa],
    [0x00ba, 0x00ba],
  ]);
  fill(space, 0, [
    [0x0000, 0x0020],
    [0x007f, 0x00a0],
    [0x1680, 0x1680],
    [0x2000, 0x200b],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ]);
  return classes;
}
