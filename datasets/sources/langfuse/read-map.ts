import { asArray, asRecord, asString, type JsonRecord, parseEmbedded } from "../json-access.js";

/** A map as the exports write it: an object (JSONL), its text (CSV), or a list of {key, value} or [key, value] (Parquet). Counts
 * may also stand as databases print a map: {'input':4,'output':60} or {input=4, output=60}.
 * @returns null when it is none of these */
export function readMap(value: unknown): JsonRecord | null {
  const parsed = parseEmbedded(value);
  if (typeof parsed === "string") return readPrinted(parsed);
  const list = asArray(parsed);
  if (list === null) return asRecord(parsed);
  const entries = list.flatMap((item) => {
    const [key, inner] = asArray(item) ?? [asRecord(item)?.key, asRecord(item)?.value];
    return asString(key) === null ? [] : [[key, inner] as const];
  });
  return Object.fromEntries(entries);
}

function readPrinted(text: string): JsonRecord | null {
  const inner = /^\{(.*)\}$/.exec(text)?.[1];
  if (inner === undefined || inner.trim() === "") return inner === undefined ? null : {};
  const entries = inner.split(",").map((entry) => /^\s*'?([\w.]+)'?\s*[:=]\s*([\d.eE+-]+)\s*$/.exec(entry));
  return entries.every((entry) => entry !== null)
    ? Object.fromEntries(entries.map((entry) => [entry[1]!, Number(entry[2])]))
    : null;
}
