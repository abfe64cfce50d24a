import { readFileSync } from "node:fs";
import { InputError } from "./errors.js";

/** Read a JSON document that a stage wrote.
 * @param remedy what brings back a damaged document: "write it anew with: signalbox train"
 * @throws {InputError} if the file can't be read, or isn't one JSON object: cut off, edited by hand, overwritten */
export function readJsonFile<T extends object>(path: string, remedy: string): T {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? "not readable as JSON" : (cause as Error).message;
    throw new InputError(`${path}: ${problem}; ${remedy}`, { cause });
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new InputError(`${path}: not a JSON object; ${remedy}`);
  return document as T;
}
