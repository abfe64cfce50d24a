import { type NormalisedUsage, normaliseUsage } from "../../tokens/normalise-usage.js";
import { parseEmbedded, printed } from "../json-access.js";
import type { MappedRecord, Rule } from "./compile-rule.js";
import type { FieldReader } from "./field-reader.js";
import { TokenConvention } from "./mapping.js";

/** The conventions of a mapping: a word for the whole log, or a rule that finds the word in the record. */
export interface TokenRules {
  cache: TokenConvention | Rule | null;
  reasoning: TokenConvention | Rule | null;
}

/** What a record says of its tokens, and that in the log's own words. */
export interface MappedUsage {
  usage: NormalisedUsage | null;
  raw: unknown;
}

/** Read the token counts of a record: the mapped counts, else the mapped usage object, else the response's.
 * @param bodyUsage the usage object of the response body, where one is mapped */
export function readMappedUsage(
  fields: FieldReader,
  rules: TokenRules,
  {
    record,
    provider,
    bodyUsage,
  }: {
    record: MappedRecord;
    provider: string | null;
    bodyUsage: unknown;
  },
): MappedUsage {
  const cache = conventionOf(rules.cache, record, "cache");
  const reasoning = conventionOf(rules.reasoning, record, "reasoning");
  for (const convention of [cache, reasoning])
    if (typeof convention === "object" && convention !== null)
      return { usage: { error: "bad_value", detail: convention.error }, raw: null };
  const counts = readCounts(fields);
  if (counts.input !== null || counts.output !== null) {
    const raw = Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== null));
    const words = { cache: cache as TokenConvention | null, reasoning: reasoning as TokenConvention | null };
    return { usage: disjoint(counts, words), raw };
  }
  const raw = parseEmbedded(fields.raw("usage")) ?? bodyUsage ?? null;
  const convention = cache === "inclusive" || cache === "exclusive" ? cache : undefined;
  return { usage: normaliseUsage(raw, { provider, convention }), raw };
}

interface Counts {
  input: number | null;
  output: number | null;
  total: number | null;
  cacheRead: number | null;
  cacheWrite5m: number | null;
  cacheWrite1h: number | null;
  reasoning: number | null;
  inputAudio: number | null;
  inputImage: number | null;
  outputAudio: number | null;
}

function readCounts(fields: FieldReader): Counts {
  return {
    input: fields.count("input_tokens"),
    output: fields.count("output_tokens"),
    total: fields.count("total_tokens"),
    cacheRead: fields.count("input_cache_read_tokens"),
    cacheWrite5m: fields.count("input_cache_write_5m_tokens"),
    cacheWrite1h: fields.count("input_cache_write_1h_tokens"),
    reasoning: fields.count("output_reasoning_tokens"),
    inputAudio: fields.count("input_audio_tokens"),
    inputImage: fields.count("input_image_tokens"),
    outputAudio: fields.count("output_audio_tokens"),
  };
}

function conventionOf(
  given: TokenConvention | Rule | null,
  record: MappedRecord,
  what: string,
): TokenConvention | null | { error: string } {
  if (given === null || typeof given === "string") return given;
  const word = given.read(record);
  if (word === undefined) return null;
  const known = Object.values(TokenConvention).find((convention) => convention === word);
  return known ?? { error: `tokens.${what} is ${JSON.stringify(printed(word).slice(0, 40))}, no convention` };
}

interface Conventions {
  cache: TokenConvention | null;
  reasoning: TokenConvention | null;
}

/** Take the counts apart by the convention; a stated total must be the sum.
 * @returns null when nothing counts the input */
function disjoint(counts: Counts, conventions: Conventions): NormalisedUsage | null {
  const negative = Object.entries(counts).find(([, count]) => count !== null && count < 0);
  if (negative) return { error: "negative_tokens", detail: `${negative[0]} is ${negative[1]}` };
  if (counts.input === null && counts.total === null) return null;
  const cached = (counts.cacheRead ?? 0) + (counts.cacheWrite5m ?? 0) + (counts.cacheWrite1h ?? 0);
  const reasoning = counts.reasoning ?? 0;
  const readings = allowed(conventions, cached, reasoning).map(({ cacheInInput, reasoningInOutput }) => {
    const outputKnown = counts.output === null ? null : counts.output + (reasoningInOutput ? 0 : reasoning);
    const inputKnown = counts.input === null ? null : counts.input + (cacheInInput ? 0 : cached);
    const input = inputKnown ?? Math.max(0, (counts.total ?? 0) - (outputKnown ?? 0));
    const output = outputKnown ?? Math.max(0, (counts.total ?? 0) - (inputKnown ?? 0));
    return { cacheInInput, reasoningInOutput, input, output };
  });
  const isOutputKnown = counts.output !== null || counts.total !== null;
  const possible = readings.filter(
    ({ input, output }) => cached <= input && (reasoning <= output || !isOutputKnown),
  );
  const chosen = possible.find(
    ({ input, output }) => counts.total === null || input + output === counts.total,
  );
  if (chosen === undefined) return contradiction(counts, { cached, reasoning, possible, readings });
  return {
    usage: {
      inputUncached: chosen.input - cached,
      inputCacheRead: counts.cacheRead ?? 0,
      inputCacheWrite5m: counts.cacheWrite5m ?? 0,
      inputCacheWrite1h: counts.cacheWrite1h ?? 0,
      outputText: Math.max(0, chosen.output - reasoning),
      outputReasoning: reasoning,
      inputAudio: counts.inputAudio,
      inputImage: counts.inputImage,
      outputAudio: counts.outputAudio,
      ...(!isOutputKnown && { outputUnknown: true as const }),
    },
    convention: { cacheInInput: chosen.cacheInInput, reasoningInOutput: chosen.reasoningInOutput },
    notes: [],
  };
}

interface Reading {
  cacheInInput: boolean;
  reasoningInOutput: boolean;
  input: number;
  output: number;
}

/** The ways in which a row may count, the commonest first: one where the convention is named, all where it is auto. */
function allowed(
  { cache, reasoning }: Conventions,
  cached: number,
  reasoningTokens: number,
): Array<Pick<Reading, "cacheInInput" | "reasoningInOutput">> {
  const ways = (convention: TokenConvention | null, count: number): boolean[] =>
    count === 0 || convention === "inclusive" || convention === null
      ? [true]
      : convention === "exclusive"
        ? [false]
        : [true, false];
  return ways(cache, cached).flatMap((cacheInInput) =>
    ways(reasoning, reasoningTokens).map((reasoningInOutput) => ({ cacheInInput, reasoningInOutput })),
  );
}

function contradiction(
  counts: Counts,
  {
    cached,
    reasoning,
    possible,
    readings,
  }: { cached: number; reasoning: number; possible: Reading[]; readings: Reading[] },
): NormalisedUsage {
  if (possible.length > 0) {
    const [{ input, output }] = possible as [Reading];
    return {
      error: "bad_value",
      detail: `input ${input} and output ${output} sum to ${input + output}, total_tokens is ${counts.total}; check tokens.cache and tokens.reasoning`,
    };
  }
  const [{ input, output }] = readings as [Reading];
  return cached > input
    ? { error: "cache_exceeds_input", detail: `${cached} cached tokens of ${input} input tokens` }
    : { error: "bad_value", detail: `${reasoning} reasoning tokens of ${output} output tokens` };
}
