import type { ErrorKind } from "../../datasets/reliability-result.js";
import type { ReplayData } from "../replay/replay-data.js";

/** Classes of the request log, whether another try can help, and what the runtime calls them. The last one holds failures without a
 * class: cancelled by the caller, or not explained by the log. */
export const errorClasses: ReadonlyArray<{ name: string; kind: ErrorKind; runtime: string }> = [
  { name: "rate_limit", kind: "transient", runtime: "rate_limited" },
  { name: "timeout", kind: "transient", runtime: "timeout" },
  { name: "server", kind: "transient", runtime: "overloaded" },
  { name: "context_length", kind: "request", runtime: "context_length" },
  { name: "auth", kind: "request", runtime: "auth" },
  { name: "invalid_request", kind: "request", runtime: "bad_request" },
  { name: "content_filter", kind: "request", runtime: "content_filter" },
  { name: "other", kind: "unclear", runtime: "unknown" },
  { name: "unclassified", kind: "unclear", runtime: "unknown" },
];

/** Whether a try after a failure of this class is worth its money. */
export function isRetryable(errorClass: number): boolean {
  return errorClasses[errorClass]!.kind !== "request";
}

/** Place in {@link errorClasses} of each attempt's error; what answered attempts get means nothing. A class that isn't known is "other". */
export function classOfRows({ errorClass, errorClasses: names }: ReplayData): Uint8Array {
  const other = errorClasses.findIndex(({ name }) => name === "other");
  const places = names.map((name) => {
    const place = errorClasses.findIndex((known) => known.name === name);
    return place < 0 ? other : place;
  });
  const classOf = new Uint8Array(errorClass.length);
  for (let row = 0; row < classOf.length; row++) {
    classOf[row] = errorClass[row]! < 0 ? errorClasses.length - 1 : places[errorClass[row]!]!;
  }
  return classOf;
}
