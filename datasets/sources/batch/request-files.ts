import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { asRecord, asString, type JsonRecord } from "../json-access.js";

/** Looks up the request of a custom id. */
export interface RequestFinder {
  /** The line of the request; null when no file beside holds it, or several that differ. */
  find(customId: string): JsonRecord | null;
  close(): void;
}

/** Find the requests that a batch's output answers, in the uncompressed JSONL files of its folder, when the first is asked for.
 * Only their places are kept in memory. Files that can't be read hold nothing. */
export function findRequests(outputPath: string): RequestFinder {
  let index: Map<string, Spot | null> | null = null;
  const opened: number[] = [];
  return {
    find(customId) {
      index ??= indexFolder(outputPath, opened);
      const spot = index.get(customId);
      return spot ? readLine(spot) : null;
    },
    close() {
      for (const file of opened.splice(0)) closeSync(file);
      index = null;
    },
  };
}

/** Where the line of a request stands; its custom id is not unique when null takes its place. */
interface Spot {
  file: number;
  offset: number;
  bytes: number;
}

const maxFiles = 200;
const maxRequests = 1_000_000;
const chunkBytes = 1 << 20;
const maxLineBytes = 16 << 20;

function indexFolder(outputPath: string, opened: number[]): Map<string, Spot | null> {
  const index = new Map<string, Spot | null>();
  const folder = dirname(outputPath);
  for (const name of jsonlNames(folder, basename(outputPath))) {
    const file = tryOpen(join(folder, name));
    if (file === null) continue;
    if (indexFile(file, index)) opened.push(file);
    else closeSync(file);
  }
  return index;
}

function jsonlNames(folder: string, own: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.(jsonl|ndjson|json)$/i.test(name) && name !== own);
    return names.sort().slice(0, maxFiles);
  } catch {
    return [];
  }
}

function tryOpen(path: string): number | null {
  try {
    const file = openSync(path, "r");
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch {
    // Gone, or not ours to read.
  }
  return null;
}

/** Whether the file is one of requests: its first line tells. */
function indexFile(file: number, index: Map<string, Spot | null>): boolean {
  let isFirst = true;
  for (const { text, offset, bytes } of linesOf(file)) {
    const request = parseRequest(text);
    if (isFirst && request === null) return false;
    isFirst = false;
    if (request === null) continue;
    const spot: Spot = { file, offset, bytes };
    const known = index.get(request.customId);
    if (known === undefined && index.size < maxRequests) index.set(request.customId, spot);
    else if (known && text !== readText(known)) index.set(request.customId, null);
  }
  return !isFirst;
}

function* linesOf(file: number): Iterable<{ text: string; offset: number; bytes: number }> {
  let rest = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const chunk = Buffer.alloc(chunkBytes);
    const read = tryRead(file, chunk, position);
    const data = Buffer.concat([rest, chunk.subarray(0, read)]);
    const start = position - rest.length;
    let from = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, from)) {
      yield { text: data.toString("utf8", from, end), offset: start + from, bytes: end - from };
      from = end + 1;
    }
    rest = data.subarray(from);
    position += read;
    if (read === 0 || rest.length > maxLineBytes) {
      if (rest.length > 0 && read === 0)
        yield { text: rest.toString("utf8"), offset: position - rest.length, bytes: rest.length };
      return;
    }
  }
}

function tryRead(file: number, into: Buffer, position: number): number {
  try {
    return readSync(file, into, 0, into.length, position);
  } catch {
    return 0;
  }
}

function readText({ file, offset, bytes }: Spot): string {
  const buffer = Buffer.alloc(bytes);
  const read = tryRead(file, buffer, offset);
  return buffer.toString("utf8", 0, read);
}

function readLine(spot: Spot): JsonRecord | null {
  return parseRequest(readText(spot))?.line ?? null;
}

function parseRequest(text: string): { customId: string; line: JsonRecord } | null {
  try {
    const line = asRecord(JSON.parse(text));
    const customId = asString(line?.custom_id);
    const isRequest = asRecord(line?.body) !== null || asRecord(line?.params) !== null;
    return line === null || customId === null || !isRequest ? null : { customId, line };
  } catch {
    return null;
  }
}
