import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { InputError } from "../../errors.js";
import { sourceByName } from "../index.js";
import { checkMapping } from "./check-mapping.js";
import type { Mapping } from "./mapping.js";

/** Read and check a mapping file.
 * @returns the mapping, and the SHA-256 (hex) of the file: a log is read again when it changes
 * @throws {InputError} if the file can't be read or is no mapping, naming the key */
export function readMapping(path: string): { mapping: Mapping; sha256: string } {
  let text: string;
  let document: unknown;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(
      `${path}: ${(cause as Error).message}; name a mapping file, see docs/mapping-files.md`,
      {
        cause,
      },
    );
  }
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path}: not readable as JSON (${(cause as Error).message})`, { cause });
  }
  const mapping = checkMapping(document, path);
  if (sourceByName(mapping.name) !== null)
    throw new InputError(
      `${path}: name is ${mapping.name}, which is a format that Signalbox knows; choose another`,
    );
  return { mapping, sha256: createHash("sha256").update(text).digest("hex") };
}
