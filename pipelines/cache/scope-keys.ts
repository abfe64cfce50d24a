import { hash } from "node:crypto";

/** Hash of named parts: equal for equal parts in any order, different as soon as one differs; an absent part is a value too. */
export function hashParts(parts: Readonly<Record<string, string | number | boolean | null>>): string {
  return digest(JSON.stringify(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Key of the exact tier: the scope, and the text up to white space and Unicode form. */
export function exactKeyOf(scope: string, text: string): string {
  return digest(`${scope}\0${foldText(text)}`);
}

/** A text up to white space and Unicode form. */
export function foldText(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

function digest(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
