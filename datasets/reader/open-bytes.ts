import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { gunzip } from "./gunzip.js";
import { DamagedInput } from "./read-record.js";
import { type Container, sniffBytes, sniffContainer } from "./sniff-container.js";
import { unzstd } from "./unzstd.js";

/** First bytes of a file, for {@link sniffContainer}.
 * @throws {DamagedInput} if the file can't be opened */
export async function readContainer(path: string): Promise<Container> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffBytes), 0, sniffBytes, 0);
      return sniffContainer(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** The decompressed UTF-8 bytes of a text file, without a byte order mark; UTF-16 (PowerShell's habit) is converted.
 * @throws {DamagedInput} after what could be read */
export function openBytes(path: string, container: Container, maxLineBytes: number): AsyncIterable<Buffer> {
  if (container === "gzip") return toUtf8(gunzip(readFile(path)));
  if (container === "zstd") return toUtf8(unzstd(path, maxLineBytes));
  if (container === "text") return toUtf8(readFile(path));
  return refuse(container);
}

async function* readFile(path: string): AsyncIterable<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) yield chunk as Buffer;
  } catch (cause) {
    throw unreadable(cause);
  }
}

async function* toUtf8(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let first = true;
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    if (first) {
      first = false;
      if (chunk[0] === 0xff && chunk[1] === 0xfe) decoder = new TextDecoder("utf-16le");
      else if (chunk[0] === 0xfe && chunk[1] === 0xff) decoder = new TextDecoder("utf-16be");
      else if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) {
        yield chunk.subarray(3);
        continue;
      }
    }
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
  }
}

async function* refuse(container: Container): AsyncIterable<Buffer> {
  yield* [];
  throw new DamagedInput(
    "unreadable_file",
    `${container} is not read; ${advice[container] ?? "convert it to JSONL, CSV or Parquet"}`,
  );
}

const advice: Partial<Record<Container, string>> = {
  zip: "unzip it and ingest the files inside",
  bzip2: "decompress it with bunzip2",
  xz: "decompress it with unxz",
  sqlite: "export the table as JSONL or CSV",
};

function unreadable(cause: unknown): DamagedInput {
  return new DamagedInput("unreadable_file", (cause as Error).message, { cause });
}
