import { existsSync, statSync } from "node:fs";
import { InputError } from "../../datasets/errors.js";
import { readRecords } from "../../datasets/reader/read-records.js";

/** An object of a file, or why there is none. */
export type ReadObject = { row: Readonly<Record<string, unknown>> } | { problem: string };

/** The objects of JSONL files, gzipped or not, in order. What is none comes with the reason.
 * @param what the files should be, for the error
 * @throws {InputError} if a file isn't there */
export async function* readObjects(files: readonly string[], what: string): AsyncGenerator<ReadObject> {
  for (const file of files) {
    if (!existsSync(file) || !statSync(file).isFile())
      throw new InputError(`${file}: no such file; name ${what}`);
    for await (const records of readRecords(file)) {
      for (const { value, problem } of records) {
        if (problem) yield { problem: problem.reason };
        else if (typeof value !== "object" || value === null || Array.isArray(value))
          yield { problem: "not an object" };
        else yield { row: value as Readonly<Record<string, unknown>> };
      }
    }
  }
}
