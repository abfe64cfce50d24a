import type { ReportDocuments } from "../documents.js";
import { kindOfField, type NameKind } from "./name-fields.js";
import { replaceNames } from "./replace-names.js";

/** Documents that can be shown outside: names of tenants, users, API keys, apps and files are replaced by placeholders, examples are
 * left out, and an owner's name inside a model id is hidden. Names are found by the field that they stand in; where one of them
 * comes up again inside a sentence it is replaced there too. Figures, models and providers stay.
 * @param placeholder what stands for a name; equal names must give equal placeholders */
export function redactDocuments(
  documents: ReportDocuments,
  placeholder: (kind: NameKind, name: string) => string,
): ReportDocuments {
  const names = new Map<string, string>();
  const hidden = walk(documents, [], (path, parent, text) => {
    const kind = kindOfField(path, parent);
    if (kind === null) return text;
    if (kind === "example") return "(left out)";
    const put = placeholder(kind, text);
    names.set(text, put);
    return put;
  });
  return walk(hidden, [], (path, parent, text) =>
    kindOfField(path, parent) === null ? replaceNames(text, names) : text,
  ) as ReportDocuments;
}

type Change = (path: readonly string[], parent: Readonly<Record<string, unknown>>, text: string) => string;

/** A copy of a document with every text changed; `path` has the names of the fields that lead to it, without array places. */
function walk(
  value: unknown,
  path: readonly string[],
  change: Change,
  parent: Record<string, unknown> = {},
): unknown {
  if (typeof value === "string") return change(path, parent, value);
  if (Array.isArray(value)) return value.map((each) => walk(each, path, change, parent));
  if (value === null || typeof value !== "object") return value;
  const fields = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, each]) => [
      replaceNames(name, new Map()),
      walk(each, [...path, name], change, fields),
    ]),
  );
}
