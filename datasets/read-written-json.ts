import { readFileSync } from "node:fs";
import { InputError } from "./errors.js";

/** Read a JSON file that a person wrote, of any shape.
 * @throws {InputError} if it can't be read or isn't JSON, with the parser's own words for where */
export function readWrittenJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    const { message } = cause as Error;
    const problem = cause instanceof SyntaxError ? `not readable as JSON (${message})` : message;
    throw new InputError(`${path}: ${problem}`, { cause });
  }
}
