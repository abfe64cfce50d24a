import { isIPv4, isIPv6 } from "node:net";
import { isLuhn, isMod97 } from "./checksums.js";
import { type Detector, type Finding, tailOfMatch, textBefore, wholeMatch, wordsBefore } from "./detector.js";
import { phoneDetectors } from "./phone-detectors.js";

/** What names or locates a person: mailbox, bank account, card, social security number, address on the network, phone. */
export const personalDetectors: readonly Detector[] = [
  {
    kind: "EMAIL",
    hints: ["@"],
    pattern:
      /@[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}][\p{L}\p{N}-]{0,62}){0,6}\.\p{L}{2,24}(?![\p{L}\p{N}_])/gu,
    find: findMailbox,
  },
  {
    kind: "IBAN",
    glue: /\w/,
    pattern: /[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}/g,
    find: findIban,
  },
  {
    kind: "CARD",
    glue: /[\w.-]/,
    pattern: /[2-6]\d{3}(?:[ -]?\d){9,15}/g,
    find: findCard,
  },
  {
    kind: "SSN",
    glue: /[\w-]/,
    pattern: /(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])/g,
    find: (match) => {
      const hasContext = /\b(?:ssn|social security|soc sec)\b[^\d\n]{0,24}$/i.test(wordsBefore(match, 48));
      return match[1] === "-" || hasContext
        ? { ...wholeMatch(match), value: match[0].replaceAll(" ", "-") }
        : null;
    },
  },
  {
    kind: "IP",
    glue: /[\w.]/,
    pattern: /\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)/g,
    find: (match) =>
      isIPv4(match[0]) && !isPublicKnowledge(match[0]) && !isVersion(match) ? wholeMatch(match) : null,
  },
  {
    kind: "IP",
    hints: [":"],
    glue: /[\w:.]/,
    pattern: /(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])/g,
    find: (match) =>
      isIPv6(match[0]) && isSpecificIpv6(match[0])
        ? { ...wholeMatch(match), value: match[0].toLowerCase() }
        : null,
  },
  ...phoneDetectors,
];

/** The pattern finds the domain; the name before it is read backwards, up to the 64 characters of RFC 5321. */
function findMailbox(match: RegExpExecArray): Finding | null {
  const before = textBefore(match, 72);
  const [glued] = /[\p{L}\p{N}._%+'-]*$/u.exec(before)!;
  const escaped = before[before.length - glued.length - 1] === "\\" ? /^(?:[nrtbf]|u[0-9A-Fa-f]{4})/ : /^/;
  const name = glued
    .replace(escaped, "")
    .replace(/^[.'%]+/, "")
    .slice(-64);
  const value = (name + match[0]).toLowerCase();
  return name === "" || isNoMailbox(value) ? null : tailOfMatch(match, value);
}

/** Things with an at sign that are no mailbox: the user of a git remote, a picture for a dense screen. */
function isNoMailbox(text: string): boolean {
  return (
    /^git@/i.test(text) ||
    /\.(?:png|jpe?g|gif|svg|webp|ico|css|html?|jsx?|tsx?|mjs|json|ya?ml|md|py|zip|whl|tgz)$/i.test(text)
  );
}

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

/** Number ranges of the card networks, with their lengths and the groups in which they are written. */
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

/** Loopback, masks and networks say nothing about a person; neither do most assembly versions, which end in zeros. */
function isPublicKnowledge(address: string): boolean {
  return /^(?:0|127|255)\.|\.0\.0$/.test(address);
}

function isVersion(match: RegExpExecArray): boolean {
  return /(?:\b(?:v|ver|version|release|build|rev|firmware)\W{0,4}|[A-Za-z)]\/|[=<>~^]=? ?)$/i.test(
    wordsBefore(match, 16),
  );
}

/** Neither loopback, nor a ratio (`1:8:28:56:70:56:28:8`), nor the scope operator of a programming language (`abc::def`). */
function isSpecificIpv6(address: string): boolean {
  const groups = address.split(":").filter((group) => group !== "");
  if (!/\d/.test(address) || !/[a-f]|::/i.test(address)) return false;
  return (
    groups.length >= 3 ||
    (groups.length === 2 && /^(?:fe80|f[cd][0-9a-f]{2}|2[0-9a-f]{3})$/i.test(groups[0]!))
  );
}
