import { type NormalisedUsage, normaliseUsage } from "../../tokens/normalise-usage.js";
import { asRecord, firstNumber, type JsonRecord } from "../json-access.js";

/** Tokens of a span. MLflow passes on what the provider's SDK counts under one set of names: Anthropic's and Bedrock's input is
 * without the cache, all others' with it, unless the total says otherwise. */
export function usageOf(
  attributes: JsonRecord,
  { provider, model }: { provider: string | null; model: string | null },
): { usage: NormalisedUsage | null; raw: unknown } {
  const raw = asRecord(attributes["mlflow.chat.tokenUsage"]);
  if (raw === null) return { usage: null, raw: null };
  const input = firstNumber(raw, ["input_tokens", "prompt_tokens"]) ?? 0;
  const output = firstNumber(raw, ["output_tokens", "completion_tokens"]) ?? 0;
  const cache =
    (firstNumber(raw, ["cache_read_input_tokens"]) ?? 0) +
    (firstNumber(raw, ["cache_creation_input_tokens"]) ?? 0);
  const isAddedUp = cache > 0 && raw.total_tokens === input + cache + output;
  const isApart =
    isAddedUp || cache > input || /^(anthropic|aws)$/.test(provider ?? "") || /claude/i.test(model ?? "");
  // Without the total: it sums input and output whatever they hold.
  const { total_tokens: _, ...counts } = raw;
  return { usage: normaliseUsage(counts, { convention: isApart ? "exclusive" : "inclusive" }), raw };
}
