import type { Fields } from "../request/request-fields.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";

/** Parse a file that must hold a JSON object.
 * @throws {ArtifactError} bad_json */
export function parseObject(text: string, path: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ArtifactError(ArtifactFault.badJson, path, "not JSON; export the artifact again", {
      cause: error,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fault(ArtifactFault.badJson, path, "not a JSON object");
  }
  return value as Fields;
}

/** Refuses a field, by name, when it isn't good. */
export type Check = (isGood: boolean, name: string, value: unknown) => void;

/** A check that throws with this code and path. */
export function checker(code: ArtifactFault, path: string): Check {
  return (isGood, name, value) => {
    if (!isGood) throw fault(code, path, `${name} is not usable: ${show(value)}`);
  };
}

/** An error that says to export again. */
export function fault(code: ArtifactFault, path: string, message: string): ArtifactError {
  return new ArtifactError(code, path, `${message}; export the artifact again`);
}

/** A string that isn't empty. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** A finite number. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A finite number or null. */
export function isNumberOrNull(value: unknown): boolean {
  return value === null || isNumber(value);
}

/** A number in [0, 1] or null. */
export function isShareOrNull(value: unknown): boolean {
  return value === null || (isNumber(value) && value >= 0 && value <= 1);
}

/** A list of finite numbers. */
export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isNumber);
}

/** A list of so many finite numbers. */
export function isNumbersOf(value: unknown, length: number): value is number[] {
  return isNumbers(value) && value.length === length;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? "absent").slice(0, 120);
}
