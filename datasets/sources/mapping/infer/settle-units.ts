import { listPrice } from "../../../prices/price-book.js";
import { normaliseUsage } from "../../../tokens/normalise-usage.js";
import { inputTotal, outputTotal } from "../../../tokens/token-usage.js";
import { readAnswer } from "../../provider/answer.js";
import { timeZone } from "../../time-zone.js";
import type { MappingFieldName } from "../mapping-fields.js";
import { readTime } from "../read-value.js";
import type { Assignment } from "./assign-fields.js";
import { judgeCost, numbersOf } from "./judge-cost.js";
import { judgeDuration } from "./judge-duration.js";

/** Judge units again with what the other fields say: durations by start and end and by the answer's length, money by the price of
 * the tokens. A column whose values turn out impossible keeps what it had. */
export function settleUnits(assignments: readonly Assignment[]): Assignment[] {
  const values = (field: MappingFieldName) =>
    assignments.find((assignment) => assignment.field === field)?.candidate.column.values ?? null;
  const times = (field: MappingFieldName) => {
    const unit = assignments.find((assignment) => assignment.field === field)?.candidate.verdict.unit;
    return (
      values(field)?.map((value) => (unit === undefined ? null : readTime(value, unit, null, context))) ?? []
    );
  };
  const [starts, ends] = [times("created_at"), times("ended_at")];
  const spanMs = starts.map((start, i) =>
    start === null || ends[i] == null ? null : (ends[i]! - start) / 1000,
  );
  const usages = (values("usage") ?? values("response"))?.map(totalsOf);
  const output = usages?.map((totals) => totals?.output ?? null) ?? numbersOf(values("output_tokens") ?? []);
  const input = usages?.map((totals) => totals?.input ?? null) ?? numbersOf(values("input_tokens") ?? []);
  const models = values("model") ?? values("model_served") ?? values("model_requested") ?? [];
  const listUsd = models.map((model, i) => expectedUsd(model, input[i] ?? null, output[i] ?? null));
  const total = numbersOf(values("total_tokens") ?? []);
  const totalTokens = Array.from(
    { length: Math.max(input.length, output.length, total.length) },
    (_, i) => total[i] ?? (input[i] == null && output[i] == null ? null : (input[i] ?? 0) + (output[i] ?? 0)),
  );
  return assignments.map((assignment) => {
    const { field, candidate } = assignment;
    const verdict =
      field === "latency_ms"
        ? judgeDuration(candidate.column.values, candidate.unitInName, { spanMs, outputTokens: output })
        : field === "ttft_ms"
          ? judgeDuration(candidate.column.values, candidate.unitInName, { spanMs: [], outputTokens: [] })
          : field === "cost_reported_usd"
            ? judgeCost(candidate.column.values, candidate.unitInName, { listUsd, totalTokens })
            : null;
    return verdict === null ? assignment : { ...assignment, candidate: { ...candidate, verdict } };
  });
}

const context = { zone: timeZone("UTC")!, decimal: "." } as const;
const now = Date.UTC(2026, 0, 1) * 1000;

/** Input and output of a usage object, or of a response body. */
function totalsOf(value: unknown): { input: number; output: number } | null {
  const usage = normaliseUsage(value) ?? normaliseUsage(readAnswer(value).usageRaw);
  return usage === null || "error" in usage
    ? null
    : { input: inputTotal(usage.usage), output: outputTotal(usage.usage) };
}

/** What a request costs at list price without any cache: right within a factor of ten, which is all that a unit needs. */
function expectedUsd(model: unknown, input: number | null, output: number | null): number | null {
  if (typeof model !== "string" || (input === null && output === null)) return null;
  const price = listPrice(model, null, now) ?? listPrice(model.replace(/^[^/]+\//, ""), null, now);
  if (price === null) return null;
  return ((input ?? 0) * price.inputUsdPerMtok + (output ?? 0) * price.outputUsdPerMtok) / 1e6;
}
