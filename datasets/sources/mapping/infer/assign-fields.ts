import type { MappingFieldName } from "../mapping-fields.js";
import { mappingFields } from "../mapping-fields.js";
import type { Column } from "./collect-columns.js";
import { type ColumnWords, columnWords, likeness } from "./column-words.js";
import { fieldNames, tellingWords } from "./field-names.js";
import { judgeCost } from "./judge-cost.js";
import { judgeDuration } from "./judge-duration.js";
import { judgeTime, type Verdict } from "./judge-time.js";
import { judgeValues } from "./judge-values.js";

/** A column that may be a field. */
export interface Candidate {
  field: MappingFieldName;
  column: Column;
  unitInName: string | null;
  verdict: Verdict;
  nameReason: string;
  /** 0 to 1: how well name and values fit together. */
  score: number;
}

/** The column that was taken for a field, and others that would do. */
export interface Assignment {
  field: MappingFieldName;
  candidate: Candidate;
  alternatives: Candidate[];
}

/** Give each field the column that fits it best, the surest pairs first; a column serves one field.
 * @param decimal mark of fractions in texts */
export function assignFields(columns: readonly Column[], decimal: "." | ","): Assignment[] {
  const named = columns.map((column) => ({
    column: withPoints(column, decimal),
    words: columnWords(column.names),
  }));
  const candidates = named
    .flatMap(({ column, words }) => fields.flatMap((field) => candidateOf(field, column, words) ?? []))
    .filter(({ score }) => score >= minScore)
    .sort((a, b) => b.score - a.score);
  const taken = new Map<MappingFieldName, Assignment>();
  const used: Column[] = [];
  for (const candidate of candidates) {
    const { field, column } = candidate;
    if (used.some((other) => overlaps(other, column)) || excluded(field, taken)) continue;
    const known = taken.get(field);
    if (known !== undefined) continue;
    taken.set(field, { field, candidate, alternatives: [] });
    used.push(column);
  }
  for (const candidate of candidates) {
    const known = taken.get(candidate.field);
    if (known === undefined || known.candidate === candidate || known.alternatives.length >= 3) continue;
    if (!used.some((other) => overlaps(other, candidate.column))) known.alternatives.push(candidate);
  }
  return [...taken.values()];
}

const fields = Object.keys(fieldNames) as MappingFieldName[];

/** From this likeness on a name counts. */
const minLikeness = 0.6;

/** A pair below this score is none. */
const minScore = 0.3;

function candidateOf(
  field: MappingFieldName,
  column: Column,
  { words, own, unit }: ColumnWords,
): Candidate | null {
  const { present } = column;
  if (present.length === 0) return null;
  const [best, alike] = bestName(field, words, own);
  const verdict =
    alike >= minLikeness || field === "model" || field === "created_at" ? judge(field, present, unit) : null;
  if (verdict === null) return null;
  // What a column holds can be so clear that its name doesn't matter.
  const isClear =
    verdict.fit === 1 &&
    ((field === "model" && /price book knows/.test(verdict.why)) || field === "created_at");
  if (alike < minLikeness && !isClear) return null;
  const byName = Math.max(alike, isClear ? 0.55 : 0);
  const share = present.length / column.values.length;
  return {
    field,
    column,
    unitInName: unit,
    verdict,
    nameReason: alike >= minLikeness ? `its name reads "${best}"` : "its name says nothing",
    score:
      byName * verdict.fit * (0.7 + 0.3 * share) -
      0.01 * column.names.length -
      (column.root === "$" ? 0.2 : 0),
  };
}

function bestName(
  field: MappingFieldName,
  words: ReadonlySet<string>,
  own: ReadonlySet<string>,
): [string, number] {
  const telling = tellingWords[field];
  if (telling !== undefined && !telling.some((word) => words.has(word))) return ["", 0];
  let best: [string, number] = ["", 0];
  for (const [i, wanted] of (fieldNames[field] ?? []).entries()) {
    const isForeign = foreignWords.some((word) => own.has(word) && !wanted.includes(word));
    // Earlier names are commoner: they win a tie.
    const alike = likeness(words, wanted) * (isForeign ? 0.7 : 1) - 0.01 * i;
    if (alike > best[1]) best = [wanted.join(" "), alike];
  }
  return best;
}

/** Words that say what a column is, whatever stands beside them. */
const foreignWords = [
  "id",
  "model",
  "tokens",
  "cost",
  "latency",
  "error",
  "cache",
  "reasoning",
  "key",
  "type",
  "max",
  "code",
  "agent",
  "hash",
  "url",
];

function judge(field: MappingFieldName, values: readonly unknown[], unit: string | null): Verdict | null {
  const { kind } = mappingFields[field];
  if (kind === "time") return judgeTime(values);
  if (kind === "duration")
    return judgeTime(values) === null ? judgeDuration(values, unit, { spanMs: [], outputTokens: [] }) : null;
  if (kind === "money") return judgeCost(values, unit, { listUsd: [], totalTokens: [] });
  return unit !== null && ["ms", "s", "us", "ns"].includes(unit) ? null : judgeValues(field, values);
}

/** A body that was taken holds what lies in it, and what holds it. */
function overlaps(a: Column, b: Column): boolean {
  return (
    a.root === b.root &&
    a.names.slice(0, b.names.length).every((name, i) => name === b.names[i]) &&
    b.names.slice(0, a.names.length).every((name, i) => name === a.names[i])
  );
}

/** Counts and a usage object say the same; so do a model without more and one that was served. */
function excluded(field: MappingFieldName, taken: ReadonlyMap<MappingFieldName, Assignment>): boolean {
  const isCount = /_tokens$/.test(field) && field !== "max_tokens";
  if (isCount) return taken.has("usage");
  if (field === "usage") return [...taken.keys()].some((name) => /^(input|output)_tokens$/.test(name));
  if (field === "messages") return taken.has("user_text");
  return field === "user_text" && taken.has("messages");
}

function withPoints(column: Column, decimal: "." | ","): Column {
  if (decimal === ".") return column;
  const convert = (value: unknown) =>
    typeof value === "string" && /^\s*[+-]?\d{1,3}(\.\d{3})*(,\d+)?\s*$|^\s*[+-]?\d+(,\d+)?\s*$/.test(value)
      ? value.replaceAll(".", "").replace(",", ".")
      : value;
  return { ...column, values: column.values.map(convert), present: column.present.map(convert) };
}
