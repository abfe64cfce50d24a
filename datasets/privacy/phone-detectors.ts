import { type Detector, type Finding, isContinued, longNumber, textBefore, wordsBefore } from "./detector.js";

/** Words that announce a telephone number, as RE2 and JavaScript both read them. */
const words =
  "tele?(?:phone|fon)|phone|fon|tel|mobile|cell|cellphone|fax|whatsapp|handy|m\u00f3vil|movil|t[e\u00e9]l[e\u00e9]fono|t[e\u00e9]l[e\u00e9]phone|celular|telefone|\u7535\u8bdd|\u96fb\u8a71|\u624b\u673a(?:\u53f7)?|\u0442\u0435\u043b\u0435\u0444\u043e\u043d|(?:call|dial|sms)(?: (?:me|us|him|her|them))?(?: (?:at|on))?|(?:text|ring|reach) (?:me|us|him|her|them)(?: (?:at|on))?";

/** Telephone numbers: written internationally, in a form that is nothing but a phone number, or announced by a word. */
export const phoneDetectors: readonly Detector[] = [
  {
    kind: "PHONE",
    hints: ["+0"],
    glue: /[\w.+/*=-]/,
    pattern: /\+[1-9]\d{0,2}(?:[ .()/-]{0,3}\d){6,13}/g,
    find: (match) => {
      const whole = wholeNumber(match);
      return whole && isInternational(whole.value) ? whole : null;
    },
  },
  {
    kind: "PHONE",
    hints: ["(000)", "000-000-0000", "000.000.0000"],
    glue: /[\w.+/#-]/,
    pattern:
      /(?:1[ .-])?(?:\([2-9]\d{2}\)[ .-]?\d{3}[ .-]\d{4}|[2-9]\d{2}-\d{3}-\d{4}|[2-9]\d{2}\.\d{3}\.\d{4})/g,
    suspicion: `\\(\\d{3}\\)[ .-]?\\d{3}[ .-]\\d|\\d{3}\\.\\d{3}\\.\\d{4}|${longNumber}`,
    find: wholeNumber,
  },
  {
    kind: "PHONE",
    hints: ["00 00 00 00 00", "00.00.00.00.00", "000 000"],
    glue: /[\w.+/#-]/,
    pattern: /0\d(?:(?: \d{2}){4}|(?:\.\d{2}){4})|0\d{2,4} \d{3,4} ?\d{3,4}|07\d{3} \d{3} ?\d{3}/g,
    suspicion: `0\\d{2,4} \\d{6}|${longNumber}`,
    find: (match) =>
      isContinued(match, /^(?:[\w-]|[ .]\d)/) || /\d[ .,]$/.test(textBefore(match, 2)) ? null : phone(match),
  },
  {
    kind: "PHONE",
    hints: [
      "phone",
      "fon",
      "tel",
      "mobil",
      "cell",
      "fax",
      "whatsapp",
      "handy",
      "movil",
      "vil",
      "lular",
      "call",
      "text",
      "ring",
      "reach",
      "dial",
      "sms",
      "\u7535",
      "\u0442\u0435\u043b",
    ],
    glue: /[\w.+-]/,
    pattern: /\(?\d(?:[ ()./-]{0,2}\d){6,14}/g,
    suspicion: `(?i:(?:${words})[_ ]?(?:number|no|nr)?(?:[^\\d\\n\\w]|_|\\\\[nrtbf]|\\\\u[0-9A-Fa-f]{4})*(?:is |at |on )?(?:[^\\d\\n\\w]|_|\\\\[nrtbf]|\\\\u[0-9A-Fa-f]{4})*\\d(?:[ ()./-]{0,2}\\d){6})`,
    find: (match) => (isAnnounced(match) && !isDate(match[0]) ? wholeNumber(match) : null),
  },
];

/** The number without a last group that belongs to what follows it, as in `+49 30 901820 2024-01-31`. */
function wholeNumber(match: RegExpExecArray): Finding | null {
  const isWhole = !isContinued(match, /^(?:[\w-]|\.\d)/);
  const length = isWhole ? match[0].length : match[0].lastIndexOf(" ");
  const value = digitsOf(match[0].slice(0, Math.max(0, length)));
  return value.length >= 7 ? { start: match.index, end: match.index + length, value } : null;
}

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

const announcement = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${words}) ?(?:number|no|nr)?[^\\d\\n\\w]{0,4}(?:is |at |on )?[^\\d\\n\\w]{0,3}$`,
  "iu",
);

function isAnnounced(match: RegExpExecArray): boolean {
  return announcement.test(wordsBefore(match, 40).replaceAll("_", " "));
}

function isDate(text: string): boolean {
  return /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}/.test(text);
}
