import { printed } from "../json-access.js";
import type { Condition, Constant } from "./mapping.js";

/** Whether a value meets a condition of `where`. Texts, numbers and booleans are compared by how they read, for a CSV holds texts only. */
export function isMatch(value: unknown, condition: Condition): boolean {
  if (typeof condition !== "object" || condition === null || Array.isArray(condition))
    return isOneOf(value, condition);
  const { exists, not, match } = condition;
  const isThere = value !== undefined && value !== null && value !== "";
  return (
    (exists === undefined || exists === isThere) &&
    (not === undefined || !isOneOf(value, not)) &&
    (match === undefined || (isThere && new RegExp(match, "u").test(printed(value))))
  );
}

function isOneOf(value: unknown, constants: Constant | Constant[]): boolean {
  return [constants]
    .flat()
    .some((constant) => (constant === null ? (value ?? null) === null : printed(value) === String(constant)));
}
