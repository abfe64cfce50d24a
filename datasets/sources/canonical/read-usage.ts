import type { NormalisedUsage } from "../../tokens/normalise-usage.js";
import { asNumber, type JsonRecord } from "../json-access.js";

/** Read the request log's own token columns. A part that is missing follows from its total; the stated total must be the sum.
 * @returns null when the columns don't count both sides: the everyday names may */
export function readCanonicalUsage(row: JsonRecord): NormalisedUsage | null {
  const count = (name: string) => asNumber(row[name]);
  if (!columns.some((name) => row[name] !== undefined && row[name] !== null && row[name] !== "")) return null;
  for (const name of columns) {
    const value = count(name);
    if (value === null && row[name] !== undefined && row[name] !== null && row[name] !== "")
      return bad(`${name} is not a number`);
    if (value !== null && value < 0) return { error: "negative_tokens", detail: `${name} is ${value}` };
    if (value !== null && !Number.isSafeInteger(value)) return bad(`${name} is ${value}`);
  }
  const read = count("input_cache_read_tokens") ?? 0;
  const write5m = count("input_cache_write_5m_tokens") ?? 0;
  const write1h = count("input_cache_write_1h_tokens") ?? 0;
  const inputTotal = count("input_total_tokens");
  const cached = read + write5m + write1h;
  if (inputTotal !== null && cached > inputTotal)
    return { error: "cache_exceeds_input", detail: `${cached} cached tokens of ${inputTotal} input tokens` };
  const uncached = count("input_uncached_tokens") ?? (inputTotal === null ? null : inputTotal - cached);
  const reasoning = count("output_reasoning_tokens") ?? 0;
  const outputTotal = count("output_total_tokens");
  if (outputTotal !== null && reasoning > outputTotal)
    return bad(`${reasoning} reasoning tokens of ${outputTotal} output tokens`);
  const text = count("output_text_tokens") ?? (outputTotal === null ? null : outputTotal - reasoning);
  if (inputTotal !== null && uncached !== null && uncached + cached !== inputTotal)
    return bad(`input parts sum to ${uncached + cached}, input_total_tokens is ${inputTotal}`);
  if (outputTotal !== null && text !== null && text + reasoning !== outputTotal)
    return bad(`output parts sum to ${text + reasoning}, output_total_tokens is ${outputTotal}`);
  if (uncached === null || text === null) return null;
  return {
    usage: {
      inputUncached: uncached,
      inputCacheRead: read,
      inputCacheWrite5m: write5m,
      inputCacheWrite1h: write1h,
      outputText: text,
      outputReasoning: reasoning,
      inputAudio: count("input_audio_tokens"),
      inputImage: count("input_image_tokens"),
      outputAudio: count("output_audio_tokens"),
    },
    convention: { cacheInInput: true, reasoningInOutput: true },
    notes: [],
  };
}

/** Columns that only the request log has: a table with any of them is read by its rules. */
const columns = [
  "input_uncached_tokens",
  "input_cache_read_tokens",
  "input_cache_write_5m_tokens",
  "input_cache_write_1h_tokens",
  "input_total_tokens",
  "output_text_tokens",
  "output_reasoning_tokens",
  "output_total_tokens",
];

function bad(detail: string): NormalisedUsage {
  return { error: "bad_value", detail };
}
