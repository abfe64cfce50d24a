import { openBytes, readContainer } from "./open-bytes.js";
import { readParquet } from "./read-parquet.js";
import { DamagedInput, type ReadRecord, type Splitter } from "./read-record.js";
import { sniffText, sniffTextBytes } from "./sniff-text.js";
import { createCsvSplitter } from "./split-csv.js";
import { createLineSplitter } from "./split-lines.js";
import { createValueSplitter } from "./split-values.js";

/** Read the records of one file, whatever it is: JSONL, a JSON array or document, CSV with a header, each plain, gzip or
 * zstd, and Parquet. The kind is recognised by content, never by name. Batches are as large as what a megabyte or so of
 * input holds, so memory stays bounded for files of any size.
 *
 * Never throws for what is in the file: what can't be read is a record with a `problem`, and a file that ends in the middle
 * of something (a cut archive, a wrong checksum) ends with one. White space between records is no record.
 * @param options.maxLineBytes largest record that is read, default 64 MiB; larger ones are reported as oversized_line */
export async function* readRecords(
  path: string,
  options: { maxLineBytes?: number } = {},
): AsyncIterable<ReadRecord[]> {
  const { maxLineBytes = 64 * 1024 * 1024 } = options;
  let lastLine = 0;
  try {
    const container = await readContainer(path);
    if (container === "parquet") {
      for await (const batch of readParquet(path)) {
        lastLine = batch.at(-1)?.line ?? lastLine;
        yield batch;
      }
    } else yield* splitText(openBytes(path, container, maxLineBytes), maxLineBytes);
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    yield [{ line: lastLine + 1, raw: "", problem: { reason: error.reason, detail: error.message } }];
  }
}

async function* splitText(chunks: AsyncIterable<Buffer>, maxLineBytes: number): AsyncIterable<ReadRecord[]> {
  let splitter: Splitter | null = null;
  let head: Buffer[] = [];
  let headBytes = 0;
  let damage: DamagedInput | null = null;
  try {
    for await (const chunk of chunks) {
      if (splitter) {
        yield splitter.push(chunk);
        continue;
      }
      head.push(chunk);
      headBytes += chunk.length;
      if (headBytes < sniffTextBytes) continue;
      const start = Buffer.concat(head);
      splitter = chooseSplitter(start, false, maxLineBytes);
      head = [];
      yield splitter.push(start);
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    damage = error;
  }
  if (!splitter) {
    const whole = Buffer.concat(head);
    splitter = chooseSplitter(whole, damage === null, maxLineBytes);
    yield splitter.push(whole);
  }
  yield splitter.finish(damage);
}

function chooseSplitter(head: Buffer, isWhole: boolean, maxLineBytes: number): Splitter {
  const format = sniffText(head, isWhole);
  if (format.kind === "csv") return createCsvSplitter(maxLineBytes, format.delimiter);
  return format.kind === "values" ? createValueSplitter(maxLineBytes) : createLineSplitter(maxLineBytes);
}
