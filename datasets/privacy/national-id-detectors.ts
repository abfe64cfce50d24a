import { isLuhn, isVerhoeff, isWeightedSum } from "./checksums.js";
import { type Detector, type Finding, isContinued, longNumber, wholeMatch, wordsBefore } from "./detector.js";

/** Numbers by which states know their people. Only those with a check digit in a form of their own are taken as they stand; a
 * bare row of digits needs a word that announces it, too. */
export const nationalIdDetectors: readonly Detector[] = [
  {
    // United States. No check digit: the form with hyphens, or a word.
    kind: "SSN",
    hints: ["000-00-0000", "000 00 0000"],
    glue: /[\w-]/,
    pattern: /\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}/g,
    suspicion: longNumber,
    find: (match) => {
      const isIssued = !/^(?:000|666|9)|^\d{3}.00|0000$/.test(match[0]);
      if (!isIssued || isContinued(match, /^[\w-]/)) return null;
      const isAnnounced =
        match[0].includes("-") ||
        /\b(?:ssn|social security|soc sec)\b[^\d\n]{0,24}$/i.test(wordsBefore(match, 48));
      return isAnnounced ? { ...wholeMatch(match), value: match[0].replaceAll(" ", "-") } : null;
    },
  },
  nationalId(["000.000.000-00"], /\d{3}\.\d{3}\.\d{3}-\d{2}/g, isCpf, longNumber), // Brazil, CPF
  nationalId(["756.0000.0000.00"], /756\.\d{4}\.\d{4}\.\d{2}/g, isEan13, longNumber), // Switzerland, AHV
  nationalId(
    ["00000000", "x0000000", "y0000000", "z0000000", "x-0000000", "y-0000000", "z-0000000"],
    /(?:\d{8}|[XYZ]-?\d{7})-?[A-HJ-NP-TV-Z]/g,
    isDni, // Spain, DNI and NIE
  ),
  nationalId(
    [..."abcdehlmprst"].map((month) => `00${month}00`),
    /[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]/g,
    isCodiceFiscale, // Italy
  ),
  nationalId(["0 00 00 00 000 000 00"], /[12] \d{2} \d{2} \d{2} \d{3} \d{3} \d{2}/g, isNir, longNumber), // France, NIR
  nationalId(["00000000000000000"], /[1-9]\d{5}(?:19|20)\d{9}[\dXx]/g, isChineseId, longNumber),
  nationalId(["000000-0000"], /\d{6}-\d{4}/g, isPersonnummer, longNumber), // Sweden
  nationalId(
    [..."abceghjklmnprstwxyz"].map((letter) => `${letter} 00 00 00 `),
    /[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d{2} \d{2} \d{2} [A-D]/g,
    () => true, // United Kingdom, NINO: no check digit, but nothing else looks like it
    longNumber,
  ),
  {
    kind: "NATIONAL_ID",
    hints: [
      "aadhaar",
      "aadhar",
      "bsn",
      "burgerservicenummer",
      "pesel",
      "steuer",
      "idnr",
      "tax id",
      "nir",
      "secu",
      "sin",
      "social insurance",
      "cpf",
      "tfn",
      "tax file",
      "nino",
      "national insurance",
    ],
    glue: /[\w.-]/,
    pattern: /\d{2,14}(?:(?: \d{2,8}){2,5}|(?:-\d{1,8}){0,5})|[A-Za-z]{2}\d{6}[A-Da-d]/g,
    suspicion: `${longNumber}|[A-Za-z]\\d{6}[A-Da-d]`,
    find: findAnnounced,
  },
];

function nationalId(
  hints: readonly string[],
  pattern: RegExp,
  isValid: (value: string) => boolean,
  suspicion = pattern.source,
): Detector {
  return {
    kind: "NATIONAL_ID",
    hints,
    glue: /[\w.-]/,
    pattern,
    suspicion,
    find: (match) => {
      const value = compact(match[0]);
      return isValid(value) && !isContinued(match, /^(?:\w|[.-]\d)/) ? { ...wholeMatch(match), value } : null;
    },
  };
}

function compact(written: string): string {
  return written.replace(/[ .+-]/g, "").toUpperCase();
}

/** Numbers that are bare digits, by the words that announce them. */
const announced: ReadonlyArray<{ words: RegExp; isValid: (value: string) => boolean }> = [
  { words: /\baadhaa?r\b/i, isValid: (value) => /^[2-9]\d{11}$/.test(value) && isVerhoeff(value) },
  {
    words: /\b(?:bsn|burgerservicenummer)\b/i,
    isValid: (value) => /^\d{9}$/.test(value) && isWeightedSum(value, [9, 8, 7, 6, 5, 4, 3, 2, -1], 11),
  },
  {
    words: /\bpesel\b/i,
    isValid: (value) => /^\d{11}$/.test(value) && isWeightedSum(value, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10),
  },
  { words: /\b(?:steuer-?id\w*|idnr|tax id)\b/i, isValid: isSteuerId },
  { words: /\b(?:nir|s\u00e9cu(?:rit\u00e9)? ?\w*|secu(?:rite)?)\b/i, isValid: isNir },
  {
    words: /\b(?:sin|social insurance)\b/i,
    isValid: (value) => /^[1-79]\d{8}$/.test(value) && isLuhn(value),
  },
  { words: /\bcpf\b/i, isValid: isCpf },
  {
    words: /\b(?:tfn|tax file)\b/i,
    isValid: (value) => /^\d{9}$/.test(value) && isWeightedSum(value, [1, 4, 3, 7, 5, 8, 6, 9, 10], 11),
  },
  { words: /\b(?:nino|national insurance)\b/i, isValid: (value) => /^[A-Z]{2}\d{6}[A-D]$/.test(value) },
];

function findAnnounced(match: RegExpExecArray): Finding | null {
  if (match[0].length < 9 || isContinued(match, /^(?:\w|[.-]\d)/)) return null;
  const value = compact(match[0]);
  const [before] = /[^\d\n]{0,40}$/.exec(wordsBefore(match, 48))!;
  const isKnown = announced.some(({ words, isValid }) => {
    const word = words.exec(before);
    return word !== null && before.length - word.index - word[0].length <= 24 && isValid(value);
  });
  return isKnown ? { ...wholeMatch(match), value } : null;
}

/** Brazil: two check digits modulo 11. */
function isCpf(value: string): boolean {
  if (!/^\d{11}$/.test(value) || new Set(value).size === 1) return false;
  const check = (length: number): number => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += Number(value[i]) * (length + 1 - i);
    return ((sum * 10) % 11) % 10;
  };
  return check(9) === Number(value[9]) && check(10) === Number(value[10]);
}

function isEan13(value: string): boolean {
  return isWeightedSum(value, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1], 10);
}

function isDni(value: string): boolean {
  const number = Number(value.slice(0, -1).replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter))));
  return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] === value.at(-1);
}

/** Italy: the value of a character depends on whether its place is odd. */
function isCodiceFiscale(value: string): boolean {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const character = value[i]!;
    const rank = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;
    sum += i % 2 === 0 ? odd[rank]! : rank;
  }
  return String.fromCharCode(65 + (sum % 26)) === value[15];
}

/** France: the last two digits are 97 minus the rest modulo 97. */
function isNir(value: string): boolean {
  return (
    /^[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)\d{10}$/.test(value) &&
    Number(value.slice(0, 13)) % 97 === 97 - Number(value.slice(13))
  );
}

/** Germany: ISO 7064 modulo 11, 10; the first ten digits hold one digit twice or three times. */
function isSteuerId(value: string): boolean {
  if (!/^[1-9]\d{10}$/.test(value)) return false;
  const different = new Set(value.slice(0, 10)).size;
  if (different !== 9 && different !== 8) return false;
  let product = 10;
  for (const digit of value.slice(0, 10)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(value[10]);
}

/** China: a date of birth inside and a check modulo 11 (GB 11643). */
function isChineseId(value: string): boolean {
  if (!/^\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/.test(value)) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(value[i]), 0);
  return "10X98765432"[sum % 11] === value[17];
}

/** Sweden: a date of birth and a Luhn digit. */
function isPersonnummer(value: string): boolean {
  return /^\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}$/.test(value) && isLuhn(value);
}
