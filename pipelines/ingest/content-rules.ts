import { createHash } from "node:crypto";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import { redact } from "../../datasets/privacy/redact.js";
import { saltedHash, type Workspace } from "../../datasets/workspace.js";

/** What one content mode does to everything that may hold people's words. */
export interface ContentRules {
  readonly mode: ContentMode;
  /** Prompt and answer text: as it is, redacted, or not at all. */
  text(value: string): string | null;
  /** Names in metadata (tenant, app, session): redacted in every mode but full, for e-mail addresses end up in them. */
  label(value: string | null): string | null;
  /** An id. Only where there is a secret or personal data in it, a hash takes its place in every mode but full; it is as unique
   * as the id was, so that nothing becomes a duplicate by it. */
  id(value: string): string;
  /** A rejected record as read: whole, redacted, its SHA-256, or nothing. */
  raw(value: string): string | null;
  /** What was wrong with a record; JSON errors quote the text around them. */
  detail(value: string): string;
}

/** The rules of a content mode in one workspace. */
export function contentRules(mode: ContentMode, workspace: Workspace): ContentRules {
  const redactNow = (text: string): string => redact(text, workspace.salt).text;
  const redacted = memoised(redactNow);
  const keepsText = mode === ContentMode.full || mode === ContentMode.redacted;
  const clean = mode === ContentMode.full ? (text: string) => text : redacted;
  return {
    mode,
    text: (value) => (keepsText ? clean(value) : null),
    label: (value) => (value === null ? null : clean(value)),
    id: (value) =>
      mode === ContentMode.full || /^\d+$/.test(value) || redactNow(value) === value
        ? value
        : `hashed-${saltedHash(workspace, value)}`,
    raw: (value) => {
      if (mode === ContentMode.none) return null;
      return mode === ContentMode.hash
        ? `sha256:${createHash("sha256").update(value).digest("hex")}`
        : clean(mode === ContentMode.full ? value : withoutEscapes(value));
    },
    detail: (value) => (keepsText ? clean(value) : redacted(value.replace(/(["'`]).*\1/gs, "$1...$1"))),
  };
}

/** JSON text may spell any letter as an escape (`jane\u0040example.org`), and no detector would see through it. */
function withoutEscapes(json: string): string {
  return json.replace(/(?<!\\)\\u00([2-7][0-9a-f])/gi, (escaped, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w@.+-]/.test(character) ? character : escaped;
  });
}

const memorySize = 256;

/** Remember recent answers: the same system prompt comes with every request of an app. What was asked for since the last change of
 * generation outlives the next one, so texts that come once don't push out those that come again. */
function memoised(transform: (text: string) => string): (text: string) => string {
  let recent = new Map<string, string>();
  let older = new Map<string, string>();
  return (text) => {
    let result = recent.get(text);
    if (result === undefined) {
      result = older.get(text) ?? transform(text);
      if (recent.size >= memorySize) {
        older = recent;
        recent = new Map();
      }
      recent.set(text, result);
    }
    return result;
  };
}
