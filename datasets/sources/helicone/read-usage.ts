import { inputTotal } from "../../tokens/token-usage.js";
import { firstUsage } from "../first-usage.js";
import { asNumber, type JsonRecord } from "../json-access.js";
import type { Exchange } from "../read-exchange.js";

/** The body's usage is the provider's own; the row's counts know of a cache that a body may be silent about. Helicone takes the cache out of the
 * row's prompt count, for OpenAI too; in rows of before 2025 it is still in it, as a body with the same count shows. */
export function readHeliconeUsage(
  row: JsonRecord,
  { answer }: Exchange,
  provider: string | null,
): ReturnType<typeof firstUsage> {
  const inBody = { raw: answer.usageRaw, hint: { provider } };
  const { usage: bodyUsage } = firstUsage([inBody]);
  const body = bodyUsage !== null && "usage" in bodyUsage ? bodyUsage.usage : null;
  const leavesCacheOut = provider === "anthropic" || provider === "aws";
  const repeatsBody = body !== null && inputTotal(body) === asNumber(row.prompt_tokens);
  const inRow = {
    raw: {
      prompt_tokens: row.prompt_tokens,
      completion_tokens: row.completion_tokens,
      cached_tokens: row.prompt_cache_read_tokens,
      cache_write_tokens: row.prompt_cache_write_tokens,
    },
    hint: { provider, convention: repeatsBody && !leavesCacheOut ? "inclusive" : "exclusive" } as const,
  };
  const isSilent = body !== null && inputTotal(body) === body.inputUncached;
  const rowCache =
    (asNumber(row.prompt_cache_read_tokens) ?? 0) + (asNumber(row.prompt_cache_write_tokens) ?? 0);
  return firstUsage(isSilent && rowCache > 0 ? [inRow, inBody] : [inBody, inRow]);
}
