import { createHash } from "node:crypto";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import { redact } from "../../datasets/privacy/redact.js";
import type { Workspace } from "../../datasets/workspace.js";

/** What one content mode does to everything that may hold people's words. */
export interface ContentRules {
  readonly mode: ContentMode;
  /** Prompt and answer text: as it is, redacted, or not at all. */
  text(value: string): string | null;
  /** Names in metadata (tenant, app, session): redacted in every mode but full, for e-mail addresses end up in them. */
  label(value: string | null): string | null;
  /** A rejected record as read: whole, redacted, its SHA-256, or nothing. */
  raw(value: string): string | null;
  /** What was wrong with a record; JSON errors quote the text around them. */
  detail(value: string): string;
}

/** The rules of a content mode in one workspace. */
export function contentRules(mode: ContentMode, workspace: Workspace): ContentRules {
  const redacted = memoised((text) => redact(text, workspace.salt).text);
  const keepsText = mode === ContentMode.full || mode === ContentMode.redacted;
  const clean = mode === ContentMode.full ? (text: string) => text : redacted;
  return {
    mode,
    text: (value) => (keepsText ? clean(value) : null),
    label: (value) => (value === null ? null : clean(value)),
    raw: (value) => {
      if (mode === ContentMode.none) return null;
      return mode === ContentMode.hash
        ? `sha256:${createHash("sha256").update(value).digest("hex")}`
        : clean(value);
    },
    detail: (value) => (keepsText ? clean(value) : value.replace(/(["'`]).*\1/gs, "$1...$1")),
  };
}

const memorySize = 512;

/** Remember recent answers: the same system prompt comes with every request of an app. */
function memoised(transform: (text: string) => string): (text: string) => string {
  const memory = new Map<string, string>();
  return (text) => {
    let result = memory.get(text);
    if (result === undefined) {
      if (memory.size >= memorySize) memory.clear();
      result = transform(text);
      memory.set(text, result);
    }
    return result;
  };
}
