import { scripts, unitClass, WordClass } from "../cache/unit-classes.js";

/** Counts over a text's UTF-16 units, before normalisation. */
export interface TextStatistics {
  units: number;
  isAscii: boolean;
  letters: number;
  upper: number;
  digits: number;
  marks: number;
  spaces: number;
  nonAscii: number;
  newlines: number;
  /** `{ } ; \`` and the pairs `=> == != -> :: () </ /* ${`. */
  codeMarks: number;
  /** Triple backticks. */
  fences: number;
  /** `= + ^ < >`, the Unicode operators, and LaTeX commands. */
  mathsMarks: number;
  /** Backslashes before a letter, and `$$`. */
  latexMarks: number;
  questionMarks: number;
  urls: number;
  emails: number;
  /** Answer options: `A)` to `H)` after a space or parenthesis, and lines that open with `A.` or `A:`. */
  options: number;
  /** Lines that open with `- `, `* ` or a digit and `.` or `)`. */
  listLines: number;
  /** Letters per script, in the order of `scripts`. */
  scriptLetters: Int32Array;
}

const [newline, space, question, dollar, backslash] = [0x0a, 0x20, 0x3f, 0x24, 0x5c];

/** Count what the dense features are made of, in one pass. */
export function countText(text: string): TextStatistics {
  const counts = emptyStatistics(text.length);
  let before = space;
  let unit = newline;
  let lower = 0;
  for (let i = 0; i < text.length; i++) {
    const isLineStart = unit === newline;
    before = unit;
    unit = text.charCodeAt(i);
    // Most units are these; a local is counted faster than a field.
    if (unit >= 0x61 && unit <= 0x7a && before !== backslash) lower += 1;
    else if (unit < 0x80) countAscii(counts, text, i, unit, before);
    else countNonAscii(counts, unit);
    if (isLineStart) countLineStart(counts, text, i);
  }
  counts.letters += lower;
  counts.scriptLetters[0]! += lower;
  counts.isAscii = counts.nonAscii === 0;
  return counts;
}

function countAscii(counts: TextStatistics, text: string, i: number, unit: number, before: number): void {
  const wordClass = unitClass[unit]! & 3;
  if (wordClass === WordClass.space) {
    counts.spaces += 1;
    if (unit === newline) counts.newlines += 1;
    return;
  }
  if (wordClass === WordClass.letter) {
    if (unit <= 0x39) counts.digits += 1;
    else if (unit !== 0x5f) countAsciiLetter(counts, unit, before);
    return;
  }
  counts.marks += 1;
  countMark(counts, text, i, unit, before);
}

function countAsciiLetter(counts: TextStatistics, unit: number, before: number): void {
  counts.letters += 1;
  counts.scriptLetters[0]!++;
  if (unit <= 0x5a) counts.upper += 1;
  if (before === backslash) {
    counts.latexMarks += 1;
    counts.mathsMarks += 1;
  }
}

function countMark(counts: TextStatistics, text: string, i: number, unit: number, before: number): void {
  switch (unit) {
    case 0x7b: // {
      counts.codeMarks += before === dollar ? 2 : 1;
      break;
    case 0x7d: // }
    case 0x3b: // ;
      counts.codeMarks += 1;
      break;
    case 0x60: // `
      counts.codeMarks += 1;
      if (before === 0x60 && i >= 2 && text.charCodeAt(i - 2) === 0x60) counts.fences += 1;
      break;
    case 0x3d: // =, ==, !=
      counts.mathsMarks += 1;
      if (before === 0x3d || before === 0x21) counts.codeMarks += 1;
      break;
    case 0x3e: // >, =>, ->
      counts.mathsMarks += 1;
      if (before === 0x3d || before === 0x2d) counts.codeMarks += 1;
      break;
    case 0x2b: // +
    case 0x5e: // ^
    case 0x3c: // <
      counts.mathsMarks += 1;
      break;
    case dollar:
      if (before === dollar) counts.latexMarks += 1;
      break;
    case 0x3a: // ::
      if (before === 0x3a) counts.codeMarks += 1;
      break;
    case 0x29: // ), (), A)
      if (before === 0x28) counts.codeMarks += 1;
      else if (isOptionLetter(before) && (i < 2 || isOptionOpening(text.charCodeAt(i - 2))))
        counts.options += 1;
      break;
    case 0x2f: // /, </, ://
      if (before === 0x3c) counts.codeMarks += 1;
      else if (before === 0x2f && i >= 2 && text.charCodeAt(i - 2) === 0x3a) counts.urls += 1;
      break;
    case 0x2a: // /*
      if (before === 0x2f) counts.codeMarks += 1;
      break;
    case 0x40: // @ between word units
      if (isWordUnit(before) && isWordUnit(text.charCodeAt(i + 1))) counts.emails += 1;
      break;
    case question:
      counts.questionMarks += 1;
      break;
  }
}

function countNonAscii(counts: TextStatistics, unit: number): void {
  const unitsClass = unitClass[unit]!;
  const wordClass = unitsClass & 3;
  counts.nonAscii += 1;
  if (wordClass === WordClass.space) counts.spaces += 1;
  else if (wordClass === WordClass.mark) counts.marks += 1;
  else counts.letters += 1;
  const script = unitsClass >> 2;
  if (script > 0) counts.scriptLetters[script - 1]!++;
  if (unit === 0xff1f || unit === 0x061f || unit === 0x037e) counts.questionMarks += 1;
  if ((unit >= 0x2200 && unit <= 0x22ff) || unit === 0xb1 || unit === 0xd7 || unit === 0xf7)
    counts.mathsMarks += 1;
}

function countLineStart(counts: TextStatistics, text: string, i: number): void {
  const first = text.charCodeAt(i);
  const second = text.charCodeAt(i + 1);
  if (isOptionLetter(first) && (second === 0x2e || second === 0x3a)) counts.options += 1;
  const isDigit = first >= 0x30 && first <= 0x39;
  const isBullet = first === 0x2d || first === 0x2a;
  if ((isBullet && second === space) || (isDigit && (second === 0x2e || second === 0x29)))
    counts.listLines += 1;
}

function isOptionLetter(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x48) || (unit >= 0x61 && unit <= 0x68);
}

function isOptionOpening(unit: number): boolean {
  return unit === 0x28 || (unitClass[unit]! & 3) === WordClass.space;
}

/** False beyond the end of the text, where charCodeAt gives NaN. */
function isWordUnit(unit: number): boolean {
  return ((unitClass[unit] ?? WordClass.mark) & 3) >= WordClass.letter;
}

function emptyStatistics(units: number): TextStatistics {
  return {
    units,
    isAscii: true,
    letters: 0,
    upper: 0,
    digits: 0,
    marks: 0,
    spaces: 0,
    nonAscii: 0,
    newlines: 0,
    codeMarks: 0,
    fences: 0,
    mathsMarks: 0,
    latexMarks: 0,
    questionMarks: 0,
    urls: 0,
    emails: 0,
    options: 0,
    listLines: 0,
    scriptLetters: new Int32Array(scripts.length),
  };
}
