import { type NormalisedUsage, normaliseUsage } from "../../tokens/normalise-usage.js";
import { classifyError } from "../error-class.js";
import { finishReason } from "../finish-reason.js";
import { asBoolean, firstNumber, firstString, type JsonRecord } from "../json-access.js";
import type { RequestDraft } from "../source.js";

/** Names of the counts in one of OpenRouter's formats. */
interface CountNames {
  input: string[];
  output: string[];
  reasoning: string[];
  cached: string[];
}

/** Token counts, and what the row says of counts and costs. */
export function usageOf(row: JsonRecord, names: CountNames): { usage: NormalisedUsage | null; raw: unknown } {
  const input = firstNumber(row, names.input);
  const output = firstNumber(row, names.output);
  if (input === null && output === null) return { usage: null, raw: null };
  const counts = {
    prompt_tokens: input,
    completion_tokens: output,
    prompt_tokens_details: { cached_tokens: firstNumber(row, names.cached) },
    completion_tokens_details: { reasoning_tokens: firstNumber(row, names.reasoning) },
  };
  const raw = Object.fromEntries(
    Object.entries(row).filter(([name, value]) => RAW_FIELDS.test(name) && value !== null && value !== ""),
  );
  return { usage: normaliseUsage(counts, { convention: "inclusive" }), raw };
}

const RAW_FIELDS = /tokens|cost|usage|discount|byok|num_|provider_name|variant/;

/** What a request cost. With the customer's own key OpenRouter charges its fee alone and the provider bills the inference: both
 * together count, and nothing where the inference is unknown. */
export function spentUsd(cost: {
  charged: number | null;
  isOwnKey: boolean;
  inference: number | null;
}): number | null {
  if (!cost.isOwnKey) return cost.charged;
  return cost.charged === null || cost.inference === null ? null : cost.charged + cost.inference;
}

/** The slug with its variant (":free", ":thinking"), which has its own price. */
export function slugOf(slug: string | null, variant: string | null): string | null {
  if (slug === null || variant === null || variant === "standard" || slug.endsWith(`:${variant}`))
    return slug;
  return `${slug}:${variant}`;
}

/** A boolean in any of the spellings of CSV. */
export function flag(value: unknown): boolean | null {
  if (value === 1 || value === "1") return true;
  if (value === 0 || value === "0") return false;
  return asBoolean(typeof value === "string" ? value.toLowerCase() : value);
}

/** How the request ended, by the first of the named finish reasons that is there. */
export function outcomeOf(
  row: JsonRecord,
  reasons: string[],
): Pick<RequestDraft, "status" | "errorClass" | "finishReason"> {
  const reason = firstString(row, reasons);
  if (flag(row.cancelled) === true)
    return { status: "cancelled", errorClass: null, finishReason: finishReason(reason) };
  if (reason === "error") return { status: "error", errorClass: classifyError(null), finishReason: null };
  return { status: "ok", errorClass: null, finishReason: finishReason(reason) };
}
