import { asArray, asRecord, parseEmbedded } from "../json-access.js";
import type { Path } from "./parse-path.js";

/** A copy of a record in which the texts at the given paths are replaced by the JSON that they hold. What holds none stays. */
export function expandJson(record: unknown, paths: readonly Path[]): unknown {
  return paths.reduce((current, { steps }) => expand(current, steps, 0), record);
}

function expand(value: unknown, steps: Path["steps"], at: number): unknown {
  const step = steps[at];
  if (step === undefined) return parseEmbedded(value);
  if (step.kind === "index") {
    const list = asArray(value);
    const index = step.index < 0 ? step.index + (list?.length ?? 0) : step.index;
    return list?.[index] === undefined ? value : list.with(index, expand(list[index], steps, at + 1));
  }
  const record = asRecord(value);
  if (record === null || step.kind !== "key") return value;
  let name = "";
  for (let end = at; end < steps.length; end++) {
    const next = steps[end]!;
    if (next.kind !== "key") break;
    name = end === at ? next.name : `${name}.${next.name}`;
    if (Object.hasOwn(record, name)) return copyWith(record, name, expand(record[name], steps, end + 1));
    if (next.isQuoted) break;
  }
  return value;
}

/** A record may hold a key `__proto__`: a plain spread keeps it, an assignment would not. */
function copyWith(record: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, old]) => [key, key === name ? value : old]));
}
