import { sha256Hex } from "../hash/sha256.js";

/** Version of the scope's serialisation; a change of it empties every cache. */
export const SCOPE_VERSION = 1;

/** What a cached answer depends on besides the last user turn. Absent, null and undefined are one value of their own, equal to
 * no text and no number. Texts are compared as they stand: serialise objects with {@link canonicalJson}. */
export interface ScopeParts {
  tenant?: string | number | null;
  app?: string | number | null;
  /** Model or model family; see `modelFamily`. */
  model?: string | number | null;
  /** System prompt, or a hash of it. */
  system?: string | number | null;
  /** Tool definitions and the choice among them, or a hash. */
  tools?: string | number | null;
  /** Output format or response schema. */
  format?: string | number | null;
  /** Sampling and every other parameter that changes answers. */
  params?: string | number | null;
  locale?: string | number | null;
  /** The conversation without the last user turn's text: earlier turns, calls and results of tools, images and files. */
  history?: string | number | null;
  /** Whatever else an answer depends on: version of the documents that it is drawn from, stream mode, policy. */
  extra?: string | number | null;
}
/** Name of a part of the scope. */
export type ScopePart = keyof ScopeParts;

/** Every part, in the order in which it is hashed. */
export const scopeParts = [
  "tenant",
  "app",
  "model",
  "system",
  "tools",
  "format",
  "params",
  "locale",
  "history",
  "extra",
] as const satisfies readonly ScopePart[];

/** Hash of what a cached answer depends on besides the prompt: answers may be shared only inside one scope.
 *
 * SHA-256, in hex, of the JSON list `["signalbox-scope", version, parts left out, [part, ...]]`, where a part is
 * null or `[type, text]`. JSON quotes what texts hold, so two different lists of parts never give the same bytes.
 * @param without parts to leave out, such as a system prompt that holds a clock; they are hashed by name, so that a cache filled
 * with other settings is never read
 * @throws {TypeError} if `without` names no part */
export function hashScope(parts: ScopeParts, without: readonly ScopePart[] = []): string {
  const unknown = without.find((name) => !scopeParts.includes(name));
  if (unknown !== undefined) throw new TypeError(`no part of a scope: ${unknown}`);
  const kept = scopeParts.map((name) => (without.includes(name) ? null : tagValue(parts[name])));
  const leftOut = scopeParts.filter((name) => without.includes(name));
  return sha256Hex(JSON.stringify(["signalbox-scope", SCOPE_VERSION, leftOut, kept]));
}

/** Hash that equal requests share: of the scope and the last user turn, in NFC, with line feeds for line ends and without blanks
 * around it. Case and inner blanks count: code and names depend on them.
 * @param scope hash from {@link hashScope} */
export function hashExact(scope: string, prompt: string): string {
  return sha256Hex(JSON.stringify(["signalbox-exact", SCOPE_VERSION, scope, exactText(prompt)]));
}

/** What must be equal of two prompts for an exact hit. */
export function exactText(prompt: string): string {
  return prompt.normalize("NFC").replaceAll("\r\n", "\n").trim();
}

function tagValue(value: unknown): [string, string] | null {
  return value === undefined || value === null ? null : [typeof value, String(value)];
}
