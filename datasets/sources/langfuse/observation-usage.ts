import { type NormalisedUsage, normaliseUsage } from "../../tokens/normalise-usage.js";
import { asNumber, asRecord, asString, firstNumber, type JsonRecord } from "../json-access.js";
import { readMap } from "./read-map.js";

/** Tokens of an observation. Langfuse means its `usage_details` to be disjoint (`input` is what no other input key counts);
 * OpenInference's `prompt_details.*` and `completion_details.*` are parts of the whole. A total that fits only one reading
 * decides. */
export function usageOf(record: JsonRecord): { usage: NormalisedUsage | null; raw: unknown } {
  const details = readMap(record.usage_details ?? record.usageDetails);
  const stated = details !== null && Object.keys(details).length > 0 ? details : plainUsage(record);
  if (stated === null) return { usage: null, raw: null };
  const counts = collect(stated);
  if (counts === null) return { usage: null, raw: stated };
  const raw = toUsageObject(counts);
  return { usage: normaliseUsage(raw, { convention: "inclusive" }), raw: stated };
}

/** Where an observation has no details: the older fields, if they count tokens. */
function plainUsage(record: JsonRecord): JsonRecord | null {
  const usage = asRecord(record.usage);
  const unit = asString(usage?.unit ?? record.unit);
  if (unit !== null && unit.toUpperCase() !== "TOKENS") return null;
  const input =
    firstNumber(usage, ["input", "promptTokens"]) ??
    firstNumber(record, ["inputUsage", "input_usage", "promptTokens", "prompt_tokens", "inputTokens"]);
  const output =
    firstNumber(usage, ["output", "completionTokens"]) ??
    firstNumber(record, [
      "outputUsage",
      "output_usage",
      "completionTokens",
      "completion_tokens",
      "outputTokens",
    ]);
  const total =
    firstNumber(usage, ["total", "totalTokens"]) ??
    firstNumber(record, ["totalUsage", "total_usage", "totalTokens", "total_tokens"]);
  return !input && !output && !total ? null : { input, output, total };
}

/** What a key beside input and output counts. */
interface Part {
  side: "input" | "output";
  kind:
    | "cacheRead"
    | "cacheWrite"
    | "cacheWrite5m"
    | "cacheWrite1h"
    | "reasoning"
    | "audio"
    | "image"
    | "other";
  count: number;
  /** The key's name says that it is a part of the whole, not beside it. */
  isInside: boolean;
}

interface Counts {
  input: number | null;
  output: number | null;
  total: number | null;
  parts: Part[];
}

function collect(details: JsonRecord): Counts | null {
  const counts: Counts = { input: null, output: null, total: null, parts: [] };
  for (const [key, value] of Object.entries(details)) {
    const count = asNumber(value);
    if (count === null) continue;
    const name = key.toLowerCase().replaceAll(".", "_");
    if (/^(input|prompt)(_?tokens?)?$/.test(name)) counts.input ??= count;
    else if (/^(output|completion)(_?tokens?)?$/.test(name)) counts.output ??= count;
    else if (/^total(_?tokens?)?$/.test(name)) counts.total ??= count;
    else {
      const kind = kindOf(name);
      if (kind !== null) counts.parts.push({ ...kind, count, isInside: /details/.test(name) });
    }
  }
  counts.parts = withoutRepeats(counts.parts);
  return counts.input === null && counts.output === null && counts.total === null && counts.parts.length === 0
    ? null
    : counts;
}

/** Some instrumentations write a count under two names, or all cache writes beside those of each life. */
function withoutRepeats(parts: readonly Part[]): Part[] {
  const distinct = parts.filter(
    (part, i) =>
      part.kind === "other" ||
      !parts
        .slice(0, i)
        .some(({ side, kind, count }) => side === part.side && kind === part.kind && count === part.count),
  );
  const byLife = distinct
    .filter(({ kind }) => /^cacheWrite[15]/.test(kind))
    .reduce((sum, { count }) => sum + count, 0);
  return distinct.map((part) =>
    part.kind === "cacheWrite" && part.count >= byLife ? { ...part, count: part.count - byLife } : part,
  );
}

function kindOf(name: string): Pick<Part, "side" | "kind"> | null {
  if (/reason|thought|thinking/.test(name)) return { side: "output", kind: "reasoning" };
  if (/cach|ephemeral/.test(name)) {
    if (!/creat|writ|ephemeral/.test(name)) return { side: "input", kind: "cacheRead" };
    const kind = /1h/.test(name) ? "cacheWrite1h" : /5m/.test(name) ? "cacheWrite5m" : "cacheWrite";
    return { side: "input", kind };
  }
  const kind = /audio/.test(name) ? "audio" : /image/.test(name) ? "image" : "other";
  if (/input|prompt/.test(name)) return { side: "input", kind };
  return /output|completion|candidates|response/.test(name) ? { side: "output", kind } : null;
}

/** The same counts with the whole on each side, as OpenAI writes them. */
function toUsageObject(counts: Counts): JsonRecord {
  const { total } = counts;
  const sides = [false, true].flatMap((isInsideInput) =>
    [false, true].map((isInsideOutput) => ({
      input: wholeOf(counts, "input", isInsideInput),
      output: wholeOf(counts, "output", isInsideOutput),
      isDeclared:
        isInsideInput === declared(counts, "input") && isInsideOutput === declared(counts, "output"),
    })),
  );
  const fits = ({ input, output }: { input: number; output: number }) =>
    total === null || input + output === total;
  const whole =
    sides.find((side) => side.isDeclared && fits(side)) ??
    sides.find(fits) ??
    sides.find((side) => side.isDeclared)!;
  const of = (side: Part["side"], kind: Part["kind"]): number | null => {
    const found = counts.parts.filter((part) => part.side === side && part.kind === kind);
    return found.length === 0 ? null : found.reduce((sum, { count }) => sum + count, 0);
  };
  const write1h = of("input", "cacheWrite1h");
  const isTotalAlone = counts.input === null && counts.output === null && counts.parts.length === 0;
  return {
    prompt_tokens: isTotalAlone ? (total ?? 0) : whole.input,
    completion_tokens: whole.output,
    prompt_tokens_details: {
      cached_tokens: of("input", "cacheRead"),
      cache_write_tokens:
        (of("input", "cacheWrite") ?? 0) + (of("input", "cacheWrite5m") ?? 0) + (write1h ?? 0),
      ephemeral_1h_input_tokens: write1h,
      audio_tokens: of("input", "audio"),
      image_tokens: of("input", "image"),
    },
    completion_tokens_details: {
      reasoning_tokens: of("output", "reasoning"),
      audio_tokens: of("output", "audio"),
    },
  };
}

function wholeOf(counts: Counts, side: "input" | "output", isInside: boolean): number {
  const parts = counts.parts.filter((part) => part.side === side).reduce((sum, { count }) => sum + count, 0);
  const own = counts[side] ?? 0;
  return isInside && parts <= own ? own : own + parts;
}

function declared(counts: Counts, side: "input" | "output"): boolean {
  return counts.parts.some((part) => part.side === side && part.isInside);
}
