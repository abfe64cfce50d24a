import {
  configOf,
  type Fields,
  readTurnFields,
  systemOf,
  textOf,
  turnsOf,
} from "../request/request-fields.js";
import type { ShadowPairRecord } from "./shadow-pair.js";

/** Texts of a pair. */
export type PairContents = NonNullable<ShadowPairRecord["content"]>;

/** What of the texts a log keeps: nothing, redacted and cut, or a key under which the caller's own store has them whole. */
export type ContentMode = "none" | "redacted" | { store(ref: string, contents: PairContents): unknown };

/** What a record says of its texts. */
export interface ShadowContent {
  ref: string | null;
  kept: PairContents | null;
}

/** How texts are kept. */
export interface ContentSettings {
  mode: ContentMode;
  redact: (text: string) => string;
  maxChars: number;
}

/** Keep a pair's texts as the mode says. A store that fails leaves no key.
 * @throws what `redact` throws */
export async function keepContents(
  { mode, redact, maxChars }: ContentSettings,
  ref: string,
  contents: PairContents,
): Promise<ShadowContent> {
  if (mode === "none") return { ref: null, kept: null };
  if (mode !== "redacted") {
    await mode.store(ref, contents);
    return { ref, kept: null };
  }
  const head = (text: string) => redact(text.slice(0, 2 * maxChars)).slice(0, maxChars);
  const tail = (text: string) => redact(text.slice(-2 * maxChars)).slice(-maxChars);
  const { prompt, system, baseline, candidate } = contents;
  return {
    ref: null,
    kept: {
      prompt: tail(prompt),
      system: head(system),
      baseline: baseline === null ? null : head(baseline),
      candidate: candidate === null ? null : head(candidate),
    },
  };
}

/** The conversation as text: the user's turn when there is one alone, else every turn under its role. */
export function promptOf(body: Fields): Pick<PairContents, "prompt" | "system"> {
  const system = [textOf(systemOf(body, configOf(body)))];
  const turns: Array<{ role: string; text: string }> = [];
  for (const turn of turnsOf(body)) {
    const { role, content, fields } = readTurnFields(turn);
    const text = textOf(content) || callsOf(fields, content);
    if (role === "system" || role === "developer") system.push(text);
    else if (text !== "") turns.push({ role, text });
  }
  const isAlone = turns.length === 1 && turns[0]!.role === "user";
  const prompt = isAlone ? turns[0]!.text : turns.map(({ role, text }) => `${role}: ${text}`).join("\n\n");
  return { prompt, system: system.filter((text) => text !== "").join("\n") };
}

/** Calls and results of tools in a turn without text, as JSON. */
function callsOf({ tool_calls, arguments: input }: Fields, content: unknown): string {
  const calls = tool_calls ?? input ?? (Array.isArray(content) && content.length > 0 ? content : null);
  return calls === null ? "" : typeof calls === "string" ? calls : JSON.stringify(calls);
}
