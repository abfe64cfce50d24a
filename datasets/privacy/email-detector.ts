import { type Detector, type Finding, tailOfMatch, textBefore } from "./detector.js";

/** Mailboxes. The pattern finds the domain; the name before it is read backwards, up to the 64 characters of RFC 5321. */
export const emailDetector: Detector = {
  kind: "EMAIL",
  hints: ["@"],
  pattern: /@[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}][\p{L}\p{N}-]{0,62}){0,6}\.\p{L}{2,24}/gu,
  suspicion:
    "[0-9A-Za-z_+\\x{80}-\\x{10FFFF}-][.%']*@[0-9A-Za-z\\x{80}-\\x{10FFFF}][0-9A-Za-z.\\x{80}-\\x{10FFFF}-]*\\.[A-Za-z\\x{80}-\\x{10FFFF}]",
  find: findMailbox,
};

function findMailbox(match: RegExpExecArray): Finding | null {
  if (/^[\p{L}\p{N}_]/u.test(match.input.slice(match.index + match[0].length))) return null;
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
