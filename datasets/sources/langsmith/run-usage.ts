import { type NormalisedUsage, normaliseUsage } from "../../tokens/normalise-usage.js";
import { asArray, asRecord, firstNumber, type JsonRecord, parseEmbedded } from "../json-access.js";

/** Tokens of a run: its own columns, else what the answer says. LangChain's input counts hold cache reads and writes; a
 * provider's own usage object is read by its own names. */
export function usageOf(run: JsonRecord, outputs: unknown): { usage: NormalisedUsage | null; raw: unknown } {
  const own = ownCounts(run);
  const stated = own === null ? langchainUsage(outputs) : (withDetails(own, outputs) ?? own);
  if (stated === null) {
    const native = nativeUsage(outputs);
    return { usage: normaliseUsage(native), raw: native };
  }
  const { input_token_details: input, output_token_details: output, ...rest } = stated;
  const counts = {
    ...rest,
    prompt_tokens_details: detailsOf(asRecord(parseEmbedded(input))),
    completion_tokens_details: detailsOf(asRecord(parseEmbedded(output))),
  };
  const usage = normaliseUsage(counts, { convention: "inclusive" });
  if (usage === null || !("error" in usage) || usage.error !== "cache_exceeds_input")
    return { usage, raw: stated };
  return { usage: normaliseUsage(counts, { convention: "exclusive" }), raw: stated };
}

/** LangSmith writes 0 where it knows no counts. */
function ownCounts(run: JsonRecord): JsonRecord | null {
  const prompt = firstNumber(run, ["prompt_tokens"]);
  const completion = firstNumber(run, ["completion_tokens"]);
  const total = firstNumber(run, ["total_tokens"]);
  if (!prompt && !completion && !total) return null;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: total,
    input_token_details: parseEmbedded(run.prompt_token_details),
    output_token_details: parseEmbedded(run.completion_token_details),
  };
}

/** The answer's own account of the same counts, where the columns don't say what of them was cached or reasoned. */
function withDetails(own: JsonRecord, outputs: unknown): JsonRecord | null {
  if (own.input_token_details || own.output_token_details) return null;
  for (const usage of [langchainUsage(outputs), nativeUsage(outputs), responseUsage(outputs)]) {
    const isSame =
      firstNumber(usage, ["input_tokens", "prompt_tokens"]) === own.prompt_tokens &&
      firstNumber(usage, ["output_tokens", "completion_tokens"]) === own.completion_tokens;
    const input = usage?.input_token_details ?? usage?.prompt_tokens_details ?? usage?.input_tokens_details;
    const output =
      usage?.output_token_details ?? usage?.completion_tokens_details ?? usage?.output_tokens_details;
    if (isSame && (input || output))
      return { ...own, input_token_details: input, output_token_details: output };
  }
  return null;
}

function langchainUsage(outputs: unknown): JsonRecord | null {
  const stated = asRecord(parseEmbedded(asRecord(outputs)?.usage_metadata));
  return stated ?? asRecord(parseEmbedded(messageOf(outputs)?.usage_metadata));
}

/** The provider's own counts, which LangChain keeps with the message. */
function responseUsage(outputs: unknown): JsonRecord | null {
  const response = asRecord(messageOf(outputs)?.response_metadata);
  return asRecord(response?.token_usage) ?? asRecord(response?.usage);
}

function messageOf(outputs: unknown): JsonRecord | null {
  const generation = asRecord(asArray(asArray(asRecord(outputs)?.generations)?.[0])?.[0]);
  return asRecord(asRecord(generation?.message)?.kwargs) ?? asRecord(generation?.message);
}

function nativeUsage(outputs: unknown): JsonRecord | null {
  const record = asRecord(outputs);
  const reported = asRecord(record?.llm_output);
  return asRecord(record?.usage) ?? asRecord(reported?.token_usage) ?? asRecord(reported?.usage);
}

/** LangChain's names of the parts: cache_read, cache_creation (or ephemeral_5m/1h_input_tokens), audio, reasoning. */
function detailsOf(details: JsonRecord | null): JsonRecord | null {
  if (details === null) return null;
  const write5m = firstNumber(details, ["ephemeral_5m_input_tokens"]);
  const write1h = firstNumber(details, ["ephemeral_1h_input_tokens"]);
  const writes = firstNumber(details, ["cache_creation", "cache_write", "cache_write_tokens"]);
  return {
    ...details,
    cache_creation: writes || (write5m ?? 0) + (write1h ?? 0),
    cached_tokens: firstNumber(details, ["cache_read", "cached_tokens"]),
  };
}
