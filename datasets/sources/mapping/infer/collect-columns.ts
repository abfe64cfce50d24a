import { asRecord, parseEmbedded } from "../../json-access.js";

/** One place in the records of a log, and what stands there. */
export interface Column {
  /** "$" for a place in the line that the record came in, "" for one in the record itself. */
  root: "" | "$";
  /** Keys from there down. */
  names: string[];
  /** Value per sampled record, undefined where there is none. */
  values: unknown[];
  /** Values that are there. */
  present: unknown[];
  /** Whether the value is JSON as text. */
  isJsonText: boolean;
}

/** Nesting that is looked into, and columns that are kept. */
const maxDepth = 6;
const maxColumns = 2000;

/** Flatten records into columns: every leaf, every list and every object is one, so that whole bodies and messages can be found too.
 * Texts that hold JSON are looked into.
 * @param skip keys of a subtree to leave out */
export function collectColumns(
  records: readonly unknown[],
  root: Column["root"] = "",
  skip: readonly string[] | null = null,
): Column[] {
  const found = new Map<string, Column>();
  const visit = (given: unknown, names: string[], row: number): void => {
    if (skip !== null && names.join("\0") === skip.join("\0")) return;
    const value = typeof given === "string" ? parseEmbedded(given) : given;
    if (value === null || value === undefined || value === "") return;
    const isJsonText = value !== given && typeof value === "object";
    if (names.length > 0) keep(names, typeof value === "object" ? value : given, row, isJsonText);
    const record = asRecord(value);
    if (names.length >= maxDepth || record === null) return;
    for (const [name, inner] of Object.entries(record)) visit(inner, [...names, name], row);
  };
  const keep = (names: string[], value: unknown, row: number, isJsonText: boolean): void => {
    const key = names.join("\0");
    let column = found.get(key);
    if (column === undefined) {
      if (found.size >= maxColumns) return;
      column = { root, names, values: new Array(records.length).fill(undefined), present: [], isJsonText };
      found.set(key, column);
    }
    column.values[row] = value;
    column.present.push(value);
    column.isJsonText ||= isJsonText;
  };
  for (const [row, record] of records.entries()) visit(record, [], row);
  return [...found.values()];
}

/** A path of the mapping file that leads through the given keys. */
export function pathText({ root, names }: Pick<Column, "root" | "names">): string {
  let text: string = root;
  for (const name of names) {
    const isPlain = /^[\p{L}_][\p{L}\p{N}_ ()%/-]*$/u.test(name) && name.trim() === name;
    if (isPlain) text += text === "" ? name : `.${name}`;
    else text += `["${name.replace(/["\\]/g, "\\$&")}"]`;
  }
  return text;
}
