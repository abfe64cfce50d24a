import { isIPv4, isIPv6 } from "node:net";
import {
  type Detector,
  type Finding,
  isContinued,
  isWordStart,
  wholeMatch,
  wordsBefore,
} from "./detector.js";

/** Addresses of machines on a network. */
export const networkDetectors: readonly Detector[] = [
  {
    kind: "IP",
    hints: ["0.0.", "0.00.", "0.000."],
    glue: /[\w.]/,
    pattern: /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/g,
    find: (match) =>
      isIPv4(match[0]) &&
      !isContinued(match, /^(?:\w|\.\d)/) &&
      !isPublicKnowledge(match[0]) &&
      !isVersion(match)
        ? wholeMatch(match)
        : null,
  },
  {
    kind: "IP",
    hints: [":"],
    // Two colons near each other; the rest of the address is read to both sides.
    pattern: /:[0-9A-Fa-f]{0,4}:/g,
    suspicion:
      "[0-9A-Fa-f]::[0-9A-Fa-f]|::[0-9A-Fa-f]{1,4}:|:[0-9A-Fa-f]{1,4}::|(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]",
    find: findIpv6,
  },
];

/** Loopback, masks and networks say nothing about a person; neither do most assembly versions, which end in zeros. */
function isPublicKnowledge(address: string): boolean {
  return /^(?:0|127|255)\.|\.0\.0$/.test(address);
}

function isVersion(match: RegExpExecArray): boolean {
  return /(?:\b(?:v|ver|version|release|build|rev|firmware|section|sect|chapter|clause|paragraph|rfc \d+)\W{0,4}|[A-Za-z)]\/|[=<>~]= ?|[<>~^] ?)$/i.test(
    wordsBefore(match, 16),
  );
}

const longestIpv6 = 39;

function findIpv6(match: RegExpExecArray): Finding | null {
  const { input, index } = match;
  const [left] = /[0-9A-Fa-f:]*$/.exec(input.slice(Math.max(0, index - longestIpv6), index))!;
  const [right] = /^[0-9A-Fa-f:]*/.exec(input.slice(index, index + longestIpv6 + 1))!;
  const isEscaped = input[index - left.length - 1] === "\\" && /^[bf]/.test(left);
  const start = index - left.length + (isEscaped ? 1 : 0);
  const address = input.slice(start, index + right.length);
  if (!isIPv6(address) || !isSpecificIpv6(address)) return null;
  if (!isWordStart(input, start, /[\w:.]/) || /^[\w:]/.test(input.slice(start + address.length))) return null;
  return { start, end: start + address.length, value: address.toLowerCase() };
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
