import { readFileSync } from "node:fs";
import type { PolicyRule } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { type OperatingSettings, operatingFields } from "./apply-operating.js";

/** Read a file of operating settings, the shape of `OperatingPolicy`. What its fields hold is checked with the policy that they go
 * into, by the runtime's reader.
 * @throws {InputError} if it isn't one JSON object, or has a field that nobody reads */
export function readOperatingFile(path: string): OperatingSettings {
  const document = readJsonFile<Record<string, unknown>>(
    path,
    `give an object with ${operatingFields.join(", ")}`,
  );
  for (const field of Object.keys(document)) {
    if (field === "dial")
      throw new InputError(
        `${path}: dial is certified by train, not set; choose a point of it with --retention`,
      );
    if (!(operatingFields as readonly string[]).includes(field))
      throw new InputError(
        `${path}: ${field} is no operating setting; known are ${operatingFields.join(", ")}`,
      );
  }
  return document as OperatingSettings;
}

/** Read a file of rules, a JSON array. What each holds is checked with the policy that it goes into, by the runtime's reader.
 * @throws {InputError} if it isn't one JSON array */
export function readRulesFile(path: string): PolicyRule[] {
  let rules: unknown;
  try {
    rules = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? `not JSON (${cause.message})` : (cause as Error).message;
    throw new InputError(`${path}: ${problem}; ${wanted}`, { cause });
  }
  if (!Array.isArray(rules)) throw new InputError(`${path}: not a JSON array; ${wanted}`);
  return rules as PolicyRule[];
}

const wanted =
  'give a list of rules, such as [{"id": "legal", "when": {"app": "legal"}, "then": {"at_least": "MODEL"}}]';
