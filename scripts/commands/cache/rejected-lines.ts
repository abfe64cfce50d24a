import { closeSync, openSync, writeSync } from "node:fs";
import { InputError } from "../../../datasets/errors.js";
import type { RejectedLine } from "../../../pipelines/cache/read-stream.js";

const shown = 5;

/** Keeps the lines of a stream that can't be used: all of them in a file, when one is named, and the first few for the terminal. */
export function keepRejected(path: string | null): {
  keep: (line: RejectedLine) => void;
  close: () => void;
  /** Show the first few on stderr. */
  report: () => void;
} {
  const file = path === null ? null : openFile(path);
  const first: RejectedLine[] = [];
  let count = 0;
  return {
    keep(line) {
      count += 1;
      if (first.length < shown) first.push(line);
      if (file !== null) writeSync(file, `${JSON.stringify(line)}\n`);
    },
    close() {
      if (file !== null) closeSync(file);
    },
    report() {
      for (const { file: name, line, reason, detail } of first) {
        process.stderr.write(`${name}:${line}: ${detail}; left out as ${reason}\n`);
      }
      if (count <= first.length) return;
      const rest = path === null ? "--rejected FILE keeps them all" : `all are in ${path}`;
      process.stderr.write(`and ${count - first.length} more; ${rest}\n`);
    },
  };
}

function openFile(path: string): number {
  try {
    return openSync(path, "w");
  } catch (cause) {
    throw new InputError(`${path}: can't be written (${(cause as Error).message})`, { cause });
  }
}
