import { InputError } from "../errors.js";
import { openBytes, readContainer } from "./open-bytes.js";
import { DamagedInput } from "./read-record.js";

const newline = 0x0a;

/** Read a text file line by line, for work that owes an answer to every line, blank and broken ones included; otherwise
 * use readRecords. Only a line feed ends a line: U+2028 and a lone carriage return may stand inside JSON text. Plain,
 * gzip or zstd; a byte order mark is left out, a carriage return before the line feed stays.
 * @param maxLineBytes longer lines are given as null, without being held in memory
 * @returns batches of lines; a missing newline at the end makes no difference
 * @throws {InputError} if the file can't be read to its end */
export async function* readLines(
  path: string,
  maxLineBytes = 64 * 1024 * 1024,
): AsyncIterable<Array<string | null>> {
  let pieces: Buffer[] = [];
  let held = 0;
  const take = (end: Buffer): string | null => {
    const isTooLong = held + end.length > maxLineBytes;
    const line = isTooLong ? null : Buffer.concat([...pieces, end]).toString("utf8");
    pieces = [];
    held = 0;
    return line;
  };
  try {
    for await (const chunk of openBytes(path, await readContainer(path), maxLineBytes)) {
      const lines: Array<string | null> = [];
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        lines.push(take(chunk.subarray(start, end)));
        start = end + 1;
      }
      const rest = chunk.subarray(start);
      held += rest.length;
      pieces = held > maxLineBytes ? [] : [...pieces, rest];
      yield lines;
    }
    if (held > 0) yield [take(Buffer.alloc(0))];
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    throw new InputError(`${path}: ${error.message}`, { cause: error });
  }
}
