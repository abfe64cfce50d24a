import { classifyError } from "../error-class.js";
import { asNumber, firstOf, firstString, type JsonRecord, printed } from "../json-access.js";
import type { RequestDraft } from "../source.js";
import { columnNames } from "./column-names.js";

/** Outcome of a row from its status word or HTTP status, and its error columns.
 * @returns what is wrong, for a word that means nothing here */
export function readStatus(
  row: JsonRecord,
): Pick<RequestDraft, "status" | "httpStatus" | "errorClass"> | string {
  const word = firstOf(row, columnNames.status);
  const asCode = asNumber(word);
  const httpStatus = asNumber(firstOf(row, columnNames.httpStatus)) ?? asCode;
  if (httpStatus !== null && !(Number.isInteger(httpStatus) && httpStatus >= 100 && httpStatus < 600))
    return `the HTTP status is ${httpStatus}`;
  const error = firstString(row, columnNames.errorText);
  const named = firstString(row, columnNames.errorClass);
  const stated =
    word === undefined || word === "" || asCode !== null
      ? null
      : words.find(([pattern]) => pattern.test(printed(word)))?.[1];
  if (stated === undefined)
    return `status is ${JSON.stringify(printed(word).slice(0, 40))}; known are ok, error, cancelled and partial`;
  const status = stated ?? ((httpStatus ?? 200) >= 400 || error !== null || named !== null ? "error" : "ok");
  if (status === "ok") return { status, httpStatus, errorClass: null };
  if (status !== "error") return { status, httpStatus, errorClass: classes.has(named ?? "") ? named : null };
  return {
    status,
    httpStatus,
    errorClass: classes.has(named ?? "")
      ? named
      : classifyError(httpStatus, [named, error].filter((part) => part !== null).join(": ")),
  };
}

const words: ReadonlyArray<readonly [RegExp, RequestDraft["status"]]> = [
  [/^(ok|success|succeeded|successful|completed?|done|finished|true)$/i, "ok"],
  [/^(error|err|fail|failed|failure|exception|timeout|rejected|false)$/i, "error"],
  [/^(cancell?ed|aborted|interrupted)$/i, "cancelled"],
  [/^(partial|incomplete|truncated)$/i, "partial"],
];

const classes = new Set([
  "rate_limit",
  "timeout",
  "context_length",
  "auth",
  "invalid_request",
  "server",
  "content_filter",
  "other",
]);
