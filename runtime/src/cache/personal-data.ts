/** What the toolkit's redaction leaves behind, such as `[EMAIL_1f3a9c]`. */
const placeholder = /\[[A-Z][A-Z_]{1,19}_[0-9a-f]{6}\]/;
const mailbox =
  /[\p{L}\p{N}_%+-]@[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,24}/u;
/** Phone numbers, as they are written with a plus, in North America, in Europe, and after a word for one. */
export const phones: readonly RegExp[] = [
  /(?<![\w.+/*=-])\+[1-9]\d{0,2}(?:[ .()/-]{0,3}\d){6,13}(?![\w-])/,
  /(?<![\w.+/#-])(?:\([2-9]\d{2}\)[ .-]?\d{3}[ .-]\d{4}|[2-9]\d{2}([-.])\d{3}\1\d{4})(?![\w-])/,
  /(?<![\w.+/#-])(?:0\d(?:(?: \d{2}){4}|(?:\.\d{2}){4})|0\d{2,4} \d{3,4} ?\d{3,4}|07\d{3} ?\d{3} ?\d{3})(?![\w-])/,
  /(?<!\p{L})(?:tele?(?:phone|fon)|phone|tel|mobile|cell|fax|whatsapp|handy|m[oó]vil|t[eé]l[eé](?:fono|phone)|celular|telefone|call me)(?: (?:number|no|nr))?[.:]? (?:is |at |on )?\(?\d(?:[ ()./-]{0,2}\d){6,14}/iu,
];
/** What may be a card's number; see `isCard`. */
export const cards = /(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/g;
/** What may be an account's number; see `isAccount`. */
export const accounts =
  /(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?(?!\w)/g;

/** Whether a text holds a mailbox, a phone, card or account number, or a placeholder of personal data. Card and account numbers
 * count only with the right check digits. Every repeat is bounded, so hostile text costs linear time. Names and addresses aren't
 * found.
 * @param text in NFKC, in its own case */
export function hasPersonalData(text: string): boolean {
  if (text.includes("[") && placeholder.test(text)) return true;
  if (text.includes("@") && mailbox.test(text)) return true;
  if (!/\d{2}/.test(text)) return false;
  return (
    phones.some((phone) => phone.test(text)) || some(text, cards, isCard) || some(text, accounts, isAccount)
  );
}

function some(text: string, pattern: RegExp, isReal: (match: string) => boolean): boolean {
  for (const [match] of text.matchAll(pattern)) if (isReal(match)) return true;
  return false;
}

/** Whether a number has a card's check digit: ISO/IEC 7812-1, annex B. */
export function isCard(written: string): boolean {
  const digits = written.replace(/\D/g, "");
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && new Set(digits).size > 1;
}

/** Whether a number has an IBAN's check digits: ISO 13616, modulo 97. */
export function isAccount(written: string): boolean {
  const iban = written.replace(/[ -]/g, "").toUpperCase();
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return iban.length >= 15 && remainder === 1;
}
