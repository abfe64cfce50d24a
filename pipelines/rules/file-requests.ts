import { type ReadRequest, type RouteRequest, readRequest } from "@signalbox/runtime";
import { readLines } from "../../datasets/reader/read-lines.js";
import type { RuleRequest } from "./rule-request.js";

/** Requests of a JSONL file, one body a line as the router would get it: `{messages | prompt | ..., meta?, cost_usd?, id?}`; plain, gzip
 * or zstd; streamed. What a line doesn't say, the router wouldn't know either, so nothing is unknown.
 * @returns batches; null for a line that holds no request
 * @throws {InputError} if the file can't be read to its end */
export async function* fileRequests(path: string): AsyncGenerator<Array<RuleRequest | null>> {
  let number = 0;
  for await (const lines of readLines(path)) {
    yield lines.flatMap((line) => {
      number += 1;
      return line?.trim() === "" ? [] : [readLine(line, number)];
    });
  }
}

/** Where a request of each provider keeps its text. */
const bodies = ["prompt", "messages", "input", "contents"];

function readLine(line: string | null, number: number): RuleRequest | null {
  const fields = parse(line);
  if (fields === null || bodies.every((name) => fields[name] == null)) return null;
  const read: ReadRequest = readRequest(fields as RouteRequest);
  const { meta, cost_usd: usd, id } = fields;
  return {
    id: typeof id === "string" && id !== "" ? id : (read.requestId ?? `line ${number}`),
    read,
    meta: typeof meta === "object" && meta !== null ? (meta as RuleRequest["meta"]) : {},
    unknown: [],
    usd: typeof usd === "number" && Number.isFinite(usd) && usd >= 0 ? usd : null,
  };
}

function parse(line: string | null): Record<string, unknown> | null {
  if (line === null) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
