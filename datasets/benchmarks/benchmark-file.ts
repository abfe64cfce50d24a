import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataError, InputError } from "../errors.js";
import { createCsvSplitter } from "../reader/split-csv.js";

/** Read a JSONL file of a public data set that the user has on disk.
 * @param data folder of all public data sets
 * @param path of the file inside it
 * @param read turns one parsed line into a row; what it throws is reported with file and line
 * @throws {InputError} if the file isn't there
 * @throws {DataError} if a line can't be read */
export function readBenchmarkLines<Row>(
  data: string,
  path: string,
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of a published file, checked where it is read
  read: (record: any) => Row,
): Row[] {
  const rows: Row[] = [];
  for (const [i, line] of readBenchmarkText(data, path).split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      rows.push(read(JSON.parse(line)));
    } catch (cause) {
      throw new DataError(`${path}:${i + 1}: ${(cause as Error).message}; get the published file anew`, {
        cause,
      });
    }
  }
  return rows;
}

/** Read a CSV file of a public data set: each row is an object of texts by column name, an empty field null.
 * @throws {InputError} if the file isn't there
 * @throws {DataError} if a row doesn't fit the header */
export function readBenchmarkCsv(data: string, path: string): Array<Record<string, string | null>> {
  const bytes = Buffer.from(readBenchmarkText(data, path));
  const splitter = createCsvSplitter(bytes.length + 1, ",");
  return [...splitter.push(bytes), ...splitter.finish(null)].map(({ line, value, problem }) => {
    if (problem) throw new DataError(`${path}:${line}: ${problem.detail}; get the published file anew`);
    return value as Record<string, string | null>;
  });
}

/** Path of a file or folder of the public data sets.
 * @throws {InputError} if it isn't there */
export function benchmarkPath(data: string, path: string): string {
  const full = join(data, path);
  if (!existsSync(full)) {
    throw new InputError(
      `${full}: not found; name the folder of the public data sets with --data or SIGNALBOX_DATA`,
    );
  }
  return full;
}

function readBenchmarkText(data: string, path: string): string {
  return readFileSync(benchmarkPath(data, path), "utf8");
}
