import { existsSync, statSync } from "node:fs";
import { InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import type { ResponseShadow } from "../../datasets/shadow-result.js";

/** Rows that were read, and the lines that were not. */
export interface ReadRows<Row> {
  rows: Row[];
  rejected: ResponseShadow["rejected"];
}

/** Read the rows of JSONL or Parquet files; a line that is no row is counted by its reason, with the first one's place.
 * @param what the files hold, for messages
 * @param read makes a row of a record, or says why not
 * @throws {InputError} when a file isn't there */
export async function readRows<Row extends object>(
  files: readonly string[],
  {
    what,
    read,
    onProgress,
  }: { what: string; read: (value: unknown) => Row | { reason: string }; onProgress?: Progress },
): Promise<ReadRows<Row>> {
  const rows: Row[] = [];
  const rejected = new Map<string, ResponseShadow["rejected"][number]>();
  const reject = (reason: string, example: string) => {
    const known = rejected.get(reason);
    if (known) known.rows += 1;
    else rejected.set(reason, { file: what, reason, rows: 1, example });
  };
  for (const file of files) {
    if (!existsSync(file) || !statSync(file).isFile())
      throw new InputError(`${file}: no such file; name ${what} as JSONL`);
    for await (const records of readRecords(file)) {
      for (const { value, line, problem } of records) {
        const place = `${file}:${line}`;
        if (problem) {
          reject(problem.reason, place);
          continue;
        }
        const row = read(value);
        if ("reason" in row && typeof row.reason === "string") reject(row.reason, place);
        else rows.push(row as Row);
      }
      onProgress?.({ label: `reading ${file}`, done: rows.length, total: null, unit: "rows" });
    }
  }
  return { rows, rejected: [...rejected.values()].sort((a, b) => b.rows - a.rows) };
}
