import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

/** Values of a JSON lines download, one by one. A line that isn't JSON is passed over, and a connection that breaks ends it: what
 * is missing shows by its absence, and the caller may read again. */
export async function* readJsonLines(response: Response): AsyncGenerator<unknown> {
  if (response.body === null) return;
  const lines = createInterface({
    input: Readable.fromWeb(response.body as ReadableStream),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  try {
    for await (const line of lines) {
      const value = parseLine(line);
      if (value !== undefined) yield value;
    }
  } catch {
    // The connection broke.
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
