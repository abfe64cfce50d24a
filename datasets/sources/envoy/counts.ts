import type { JsonRecord } from "../json-access.js";

/** The token counts of a plain entry under common names: gen_ai.usage.input_tokens, genai_tokens_input and llm_input_token are the same. */
export function usageOf(entry: JsonRecord): JsonRecord | null {
  const counts = Object.entries(entry).flatMap(([name, value]) => {
    const count = countOf(name);
    return count === null || value === null ? [] : [[count, value] as const];
  });
  return counts.length > 0 ? Object.fromEntries(counts) : null;
}

/** The common name of the count that a key names; null for other keys. */
export function countOf(name: string): string | null {
  if (!/^(gen_?ai|llm|input|output|total|prompt|completion|cached?|reasoning)_/.test(name)) return null;
  if (!/_tokens?(_|$)/.test(name)) return null;
  return COUNTS.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

const COUNTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/cache_(creation|write)/, "cache_write_tokens"],
  [/cache/, "cached_tokens"],
  [/reasoning/, "reasoning_tokens"],
  [/total/, "total_tokens"],
  [/input|prompt/, "input_tokens"],
  [/output|completion/, "output_tokens"],
];
