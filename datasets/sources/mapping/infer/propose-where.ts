import type { Constant, Mapping } from "../mapping.js";
import type { Assignment } from "./assign-fields.js";
import { type Column, pathText } from "./collect-columns.js";

/** A condition that tells calls of a model from other records: a column of few words (kind, type, event) of which some only stand on
 * records with a model and tokens, and the others only on records without.
 * @returns null where all records are alike, or nothing tells them apart */
export function proposeWhere(
  columns: readonly Column[],
  assignments: readonly Assignment[],
): Mapping["where"] | null {
  const columnOf = (...names: string[]) =>
    names.flatMap((name) => assignments.find(({ field }) => field === name)?.candidate.column ?? [])[0];
  const model = columnOf("model", "model_served", "model_requested");
  const tokens = columnOf("usage", "output_tokens", "input_tokens");
  if (model === undefined || tokens === undefined) return null;
  const isCall = model.values.map((value, i) => value !== undefined && tokens.values[i] !== undefined);
  const isOther = model.values.map((value, i) => value === undefined && tokens.values[i] === undefined);
  if (!isOther.includes(true) || !isCall.includes(true)) return null;
  for (const column of columns) {
    if (!/(kind|type|event|operation|name|category|object|level)$/i.test(column.names.at(-1)!)) continue;
    const words = new Set(column.present);
    if (words.size < 2 || words.size > 12 || [...words].some((word) => typeof word === "object")) continue;
    const onCalls = new Set(column.values.filter((_, i) => isCall[i]));
    const onOthers = new Set(column.values.filter((_, i) => isOther[i]));
    if (onCalls.has(undefined) || [...onCalls].some((word) => onOthers.has(word))) continue;
    const [first, ...more] = [...onCalls] as Constant[];
    return { [pathText(column)]: more.length === 0 ? first! : [first!, ...more] };
  }
  return null;
}
