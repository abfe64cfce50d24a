import type { Mapping } from "../mapping.js";
import type { MappingFieldName } from "../mapping-fields.js";
import type { Assignment } from "./assign-fields.js";
import type { OpenChoice } from "./infer-mapping.js";
import { numbersOf } from "./judge-cost.js";
import { judgeCache, judgeReasoning, type SampledCounts } from "./judge-tokens.js";

/** The token conventions of a mapping, where it needs any; what the sample can't tell becomes a choice. */
export function proposeTokens(
  assignments: readonly Assignment[],
  choices: OpenChoice[],
): Mapping["tokens"] | null {
  const column = (field: MappingFieldName) =>
    assignments.find((assignment) => assignment.field === field)?.candidate.column;
  const counts = (field: MappingFieldName) => numbersOf(column(field)?.values ?? []);
  const [input, output, total] = [counts("input_tokens"), counts("output_tokens"), counts("total_tokens")];
  const [read, write, reasoning] = [
    counts("input_cache_read_tokens"),
    counts("input_cache_write_5m_tokens"),
    counts("output_reasoning_tokens"),
  ];
  const hasCache = read.length + write.length > 0;
  if (!hasCache && reasoning.length === 0) return null;
  const rows: SampledCounts[] = Array.from(
    { length: Math.max(input.length, output.length, read.length, reasoning.length) },
    (_, i) => ({
      input: input[i] ?? 0,
      output: output[i] ?? 0,
      total: total[i] ?? null,
      cached: (read[i] ?? 0) + (write[i] ?? 0),
      reasoning: reasoning[i] ?? 0,
    }),
  );
  const cache = judgeCache(rows);
  const thinking = judgeReasoning(rows);
  const ask = (key: string, { convention, why }: { convention: string; why: string }) =>
    choices.push({ key, proposed: convention, options: ["inclusive", "exclusive", "auto"], why });
  if (hasCache && cache.isOpen) ask("tokens.cache", cache);
  if (reasoning.length > 0 && thinking.isOpen) ask("tokens.reasoning", thinking);
  return {
    ...(hasCache ? { cache: cache.convention } : {}),
    ...(reasoning.length > 0 ? { reasoning: thinking.convention } : {}),
  };
}
