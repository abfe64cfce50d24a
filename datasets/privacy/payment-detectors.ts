import { isLuhn, isMod97 } from "./checksums.js";
import { type Detector, type Finding, longNumber } from "./detector.js";

/** Length of an account number by country (SWIFT IBAN registry, release 99). */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 " +
    "FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 " +
    "LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 " +
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const countries = Object.keys(ibanLengths);

/** Bank accounts and payment cards. */
export const paymentDetectors: readonly Detector[] = [
  {
    kind: "IBAN",
    hints: countries.map((country) => `${country.toLowerCase()}00`),
    glue: /\w/,
    pattern: new RegExp(`(?:${countries.join("|")})\\d{2}(?:[ -]?[A-Z0-9]){11,30}`, "gi"),
    suspicion: `(?i:(?:${countries.join("|")})\\d{2}(?:[ -]?[A-Z0-9]){11})`,
    find: findIban,
  },
  {
    kind: "CARD",
    hints: ["0000 0000", "0000-0000", "0000 000000", "0000-000000", "0000000000000"],
    glue: /[\w.-]/,
    pattern: /[2-6]\d{3}(?:[ -]?\d){9,15}/g,
    suspicion: longNumber,
    find: findCard,
  },
];

function findIban(match: RegExpExecArray): Finding | null {
  const length = ibanLengths[match[0].slice(0, 2).toUpperCase()];
  const end = length === undefined ? null : endOfCharacters(match, /[A-Za-z0-9]/, length);
  if (end === null) return null;
  const value = match.input.slice(match.index, end).replace(/[ -]/g, "").toUpperCase();
  return isMod97(value) ? { start: match.index, end, value } : null;
}

/** Where the first `count` characters of a kind end, when nothing of a word is glued behind them. */
function endOfCharacters(match: RegExpExecArray, kind: RegExp, count: number): number | null {
  let seen = 0;
  for (let i = 0; i < match[0].length; i++) {
    if (kind.test(match[0][i]!)) seen++;
    if (seen === count) {
      const end = match.index + i + 1;
      return /\w/.test(match.input[end] ?? "") ? null : end;
    }
  }
  return null;
}

/** Number ranges of the card networks, with their lengths. */
const cardShapes: ReadonlyArray<{ prefix: RegExp; lengths: readonly number[] }> = [
  { prefix: /^4/, lengths: [16, 13, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^(?:30[0-5]|36|38|39)/, lengths: [14] },
  { prefix: /^(?:6011|64[4-9]|65|352[89]|35[3-8])/, lengths: [16] },
  { prefix: /^62/, lengths: [16, 19, 17, 18] },
  { prefix: /^(?:50|5[6-9]|6[0379])/, lengths: [16, 19] },
];

function findCard(match: RegExpExecArray): Finding | null {
  for (const { prefix, lengths } of cardShapes) {
    if (!prefix.test(match[0])) continue;
    for (const length of lengths) {
      const end = endOfCharacters(match, /\d/, length);
      if (end === null) continue;
      const written = match.input.slice(match.index, end);
      const value = written.replace(/\D/g, "");
      if (isCardGrouping(written) && isLuhn(value) && new Set(value).size > 1)
        return { start: match.index, end, value };
    }
  }
  return null;
}

/** Written without a break or in the groups of a card, by one separator: not a list of numbers. */
function isCardGrouping(written: string): boolean {
  return /^\d+$|^\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{3})?$|^\d{4}([ -])\d{6}\2\d{4,5}$/.test(written);
}
