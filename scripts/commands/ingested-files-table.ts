import { dirname } from "node:path";
import type { IngestResult } from "../../datasets/results.js";
import { printTable } from "../terminal.js";

/** Print what became of every file; of more than 30, what became of every folder and format in it, those with quarantined records first. */
export function printIngestedFiles({ files, totals }: Pick<IngestResult, "files" | "totals">): void {
  const count = (value: number): string => value.toLocaleString("en-US");
  const rows = files.length <= MOST_ROWS ? files.map(fileRow) : folderRows(files);
  const last = { ...totals, name: `all (${count(files.length)})`, source: "" };
  printTable(
    [...rows, last],
    [
      { title: "file", value: ({ name }) => name },
      { title: "source", value: ({ source }) => source },
      { title: "read", align: "right", value: ({ read }) => count(read) },
      { title: "accepted", align: "right", value: ({ accepted }) => count(accepted) },
      { title: "quarantined", align: "right", value: ({ quarantined }) => count(quarantined) },
      { title: "duplicates", align: "right", value: ({ duplicates }) => count(duplicates) },
      { title: "skipped", align: "right", value: ({ skipped }) => count(skipped) },
    ],
  );
}

const MOST_ROWS = 30;
const kinds = ["read", "accepted", "quarantined", "duplicates", "skipped"] as const;

type File = IngestResult["files"][number];
type Row = Pick<File, (typeof kinds)[number]> & { name: string; source: string };

function fileRow(file: File): Row {
  const source = file.source ?? "not recognised";
  return { ...file, name: file.reused ? `${file.path} (kept from before)` : file.path, source };
}

/** At most 30 rows: folders beyond that are one row. */
function folderRows(files: readonly File[]): Row[] {
  const rows = [...grouped(files, ({ path, source }) => `${dirname(path)}\n${source}`).values()]
    .map((group) => summed(group, `${dirname(group[0]!.path)}/`, group[0]!.source ?? "not recognised"))
    .sort((a, b) => b.quarantined - a.quarantined || b.read - a.read);
  if (rows.length <= MOST_ROWS) return rows;
  const shown = rows.slice(0, MOST_ROWS - 1);
  const rest = rows.slice(MOST_ROWS - 1);
  return [...shown, { ...summed(rest, "", ""), name: `and ${rest.length} more folders` }];
}

function summed(
  parts: ReadonlyArray<Pick<Row, (typeof kinds)[number]> & { reused?: boolean }>,
  folder: string,
  source: string,
): Row {
  const kept = parts.filter(({ reused }) => reused === true).length;
  const total = (kind: (typeof kinds)[number]) => parts.reduce((sum, part) => sum + part[kind], 0);
  return {
    name: `${folder} (${parts.length.toLocaleString("en-US")} files${kept === 0 ? "" : `, ${kept.toLocaleString("en-US")} kept from before`})`,
    source,
    read: total("read"),
    accepted: total("accepted"),
    quarantined: total("quarantined"),
    duplicates: total("duplicates"),
    skipped: total("skipped"),
  };
}

function grouped<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
