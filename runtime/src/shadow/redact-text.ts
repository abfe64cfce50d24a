import { accounts, cards, isAccount, isCard, phones } from "../cache/personal-data.js";

const mailbox =
  /[\p{L}\p{N}_%+-](?:[\p{L}\p{N}._%+-]{0,62}[\p{L}\p{N}_%+-])?@[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,24}/gu;
const addresses = /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)/g;
const everyPhone = phones.map(({ source, flags }) => new RegExp(source, `${flags}g`));
/** Keys by the marks of who issues them, tokens of three parts, private keys, and what a header or an assignment calls a secret. */
const secrets = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:(?!-----BEGIN)[\s\S]){0,8000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  /(?<![\w-])(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,200}/g,
  /(?<![\w-])(?:gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|hf_|AIza|ya29\.|npm_|dop_v1_|SG\.)[\w.-]{16,300}/g,
  /(?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)/g,
  /(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,2000}/g,
  /(?<=\b(?:bearer|basic) )[\w.~+/=-]{16,2000}/gi,
  /(?<=\b(?:api[_-]?key|secret|password|passwd|access[_-]?token|auth[_-]?token)["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;]{6,500}/gi,
];

/** Put placeholders for mailboxes, phone, card and account numbers, IPv4 addresses and secrets: `[EMAIL]`, `[PHONE]`, `[CARD]`,
 * `[IBAN]`, `[IP]`, `[SECRET]`. Card and account numbers count only with the right check digits. Every repeat is bounded, so hostile
 * text costs linear time. Names and postal addresses aren't found: this keeps a log from being a list of contacts, it doesn't make it anonymous. */
export function redactText(text: string): string {
  let redacted = text;
  for (const secret of secrets) redacted = redacted.replace(secret, "[SECRET]");
  if (redacted.includes("@")) redacted = redacted.replace(mailbox, "[EMAIL]");
  if (!/\d{2}|\d\./.test(redacted)) return redacted;
  redacted = redacted
    .replace(accounts, (match) => (isAccount(match) ? "[IBAN]" : match))
    .replace(cards, (match) => (isCard(match) ? "[CARD]" : match))
    .replace(addresses, "[IP]");
  return everyPhone.reduce((kept, phone) => kept.replace(phone, "[PHONE]"), redacted);
}
