import { asArray, asRecord, parseEmbedded } from "../../json-access.js";
import { assignFields } from "./assign-fields.js";
import { type Column, collectColumns } from "./collect-columns.js";

/** The records of sampled lines, as columns. */
export interface FoundRecords {
  count: number;
  columns: Column[];
  /** Keys from the line to the list that holds the records; null where a line is one. */
  explode: string[] | null;
  decimal: "." | ",";
  /** Texts that mean no value; they aren't among the columns' values. */
  nullValues: string[];
}

/** Find what the records of a log are: the lines, or the objects of a list in them when those look more like calls of a model. */
export function findRecords(lines: readonly unknown[]): FoundRecords {
  const plain = clean({ count: lines.length, columns: collectColumns(lines), explode: null });
  const lists = listPaths(lines).map((names) => explodeBy(lines, names));
  return [plain, ...lists.map(clean)].reduce((best, next) =>
    coreFields(next) > coreFields(best) ? next : best,
  );
}

type Raw = Pick<FoundRecords, "count" | "columns" | "explode">;

/** Lists of objects down to the third level, the commonest first. */
function listPaths(lines: readonly unknown[]): string[][] {
  const found = new Map<string, { names: string[]; items: number }>();
  const visit = (given: unknown, names: string[]): void => {
    const value = parseEmbedded(given);
    const list = asArray(value);
    if (list !== null && names.length > 0 && list.some((item) => asRecord(parseEmbedded(item)) !== null)) {
      const entry = found.get(names.join("\0")) ?? { names, items: 0 };
      entry.items += list.length;
      found.set(names.join("\0"), entry);
    }
    if (names.length >= 3) return;
    for (const [name, inner] of Object.entries(asRecord(value) ?? {})) visit(inner, [...names, name]);
  };
  for (const line of lines) visit(line, []);
  return [...found.values()]
    .sort((a, b) => b.items - a.items)
    .slice(0, 3)
    .map(({ names }) => names);
}

function explodeBy(lines: readonly unknown[], names: string[]): Raw {
  const pairs = lines.flatMap((line) => {
    const list = names.reduce<unknown>((value, name) => parseEmbedded(asRecord(value)?.[name]), line);
    return (asArray(list) ?? []).slice(0, 50).map((item) => ({ item: parseEmbedded(item), line }));
  });
  const items = collectColumns(pairs.map(({ item }) => item));
  const around = collectColumns(
    pairs.map(({ line }) => line),
    "$",
    names,
  );
  return { count: pairs.length, columns: [...items, ...around], explode: names };
}

/** How many of the fields that make a call of a model are there, weighed by how well they fit. */
function coreFields({ columns, decimal }: FoundRecords): number {
  return assignFields(columns, decimal)
    .filter(({ field, candidate }) => core.has(field) && candidate.column.root === "")
    .reduce((sum, { candidate }) => sum + candidate.score, 0);
}

const core = new Set<string>([
  "created_at",
  "model",
  "model_requested",
  "model_served",
  "input_tokens",
  "output_tokens",
  "usage",
  "cost_reported_usd",
  "latency_ms",
]);

function clean(raw: Raw): FoundRecords {
  const words = new Set<string>();
  for (const { present } of raw.columns)
    for (const value of present)
      if (typeof value === "string" && /^(null|\\N|none|nan|n\/a|k\. ?a\.|-{1,2})$/i.test(value))
        words.add(value);
  const columns = raw.columns
    .map((column) => {
      const values = column.values.map((value) =>
        typeof value === "string" && words.has(value) ? undefined : value,
      );
      return { ...column, values, present: values.filter((value) => value !== undefined) };
    })
    .filter(({ present }) => present.length > 0);
  return { ...raw, columns, nullValues: [...words].sort(), decimal: decimalMark(columns) };
}

/** A comma where numbers have fractions behind one, and never behind a point. */
function decimalMark(columns: readonly Column[]): "." | "," {
  const texts = columns.flatMap(({ present }) =>
    present.filter((value): value is string => typeof value === "string"),
  );
  const commas = texts.filter((text) => /^[+-]?\d+,(\d{1,2}|\d{4,})$|^0,\d+$/.test(text.trim())).length;
  const points = texts.filter((text) => /^[+-]?\d+\.(\d{1,2}|\d{4,})$|^0\.\d+$/.test(text.trim())).length;
  return commas > 0 && points === 0 ? "," : ".";
}
