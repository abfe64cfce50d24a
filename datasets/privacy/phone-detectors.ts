import { type Detector, type Finding, wordsBefore } from "./detector.js";

/** Telephone numbers: written internationally, in a form that is nothing but a phone number, or announced by a word. */
export const phoneDetectors: readonly Detector[] = [
  {
    kind: "PHONE",
    hints: ["+"],
    glue: /[\w.+/*=-]/,
    pattern: /\+[1-9]\d{0,2}(?:[ .()/-]{0,3}\d){6,13}(?![\w-]|\.\d)/g,
    find: (match) => (isInternational(digitsOf(match[0])) ? phone(match) : null),
  },
  {
    kind: "PHONE",
    glue: /[\w.+/#-]/,
    pattern: /(?:1[ .-])?(?:\([2-9]\d{2}\)[ .-]?\d{3}[ .-]\d{4}|[2-9]\d{2}([.-])\d{3}\1\d{4})(?![\w-]|\.\d)/g,
    find: phone,
  },
  {
    kind: "PHONE",
    glue: /[\w.+/#-]/,
    pattern:
      /(?<!\d[ .,])(?:0\d(?:[ .]\d{2}){4}|0\d{2,4} \d{3,4} ?\d{3,4}|07\d{3} \d{3} ?\d{3})(?![\w-]|[ .]\d)/g,
    find: phone,
  },
  {
    kind: "PHONE",
    glue: /[\w.+-]/,
    pattern: /\(?\d(?:[ ()./-]{0,2}\d){6,14}(?![\w-]|\.\d)/g,
    find: (match) => (isAnnounced(match) && !isDate(match[0]) ? phone(match) : null),
  },
];

function phone(match: RegExpExecArray): Finding {
  return { start: match.index, end: match.index + match[0].length, value: digitsOf(match[0]) };
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** 8 to 15 digits (ITU-T E.164), and for North America an area code that exists. */
function isInternational(digits: string): boolean {
  if (digits.startsWith("1")) return /^1[2-9]\d{9}$/.test(digits);
  return digits.length >= 9 && digits.length <= 15 && !/0{6}/.test(digits);
}

const announcement =
  /(?:\b(?:tele)?(?:phone|fon)\b|\btel\b|\bmobile\b|\bcell\b|\bfax\b|\bwhatsapp\b|\bhandy\b|\bm[oó]vil\b|\bt[eé]l[eé]fono?\b|\bt[eé]l[eé]phone\b|\b(?:call|text|ring|reach|dial)(?: (?:me|us|him|her|them))?(?: (?:at|on))?)(?: ?(?:number|no|nr))?[^\d\n\w]{0,4}(?:is |at |on )?[^\d\n\w]{0,3}$/i;

function isAnnounced(match: RegExpExecArray): boolean {
  return announcement.test(wordsBefore(match, 40).replaceAll("_", " "));
}

function isDate(text: string): boolean {
  return /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}/.test(text);
}
