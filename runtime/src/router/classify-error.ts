import { ErrorClass } from "../artifact/operating-policy.js";
import { errorCodes } from "./error-codes.js";

/** Say what kind of failure a call ended in, for `fallbacksAfter` and the decision log. Codes and error types go before the
 * HTTP status, the status before words of the message: a message may quote the prompt. Reads OpenAI's, Anthropic's, Gemini's, Bedrock's
 * and LiteLLM's shapes, what their SDKs throw, and what `fetch` throws with its chain of causes. A spent quota or credit counts as
 * `rate_limited`, since another provider can help; a model that doesn't exist (404) is `unknown`, since another model can. An abort
 * is `unknown` too: a caller that aborts knows so from its own signal.
 * @param failure a thrown error, a parsed error body, or its text
 * @param status HTTP status where the failure doesn't carry it
 * @returns `unknown` for whatever it can't read; never throws */
export function classifyError(failure: unknown, status: number | null = null): ErrorClass {
  try {
    const facts: ErrorFacts = { codes: [], status, message: "" };
    readFailure(failure, facts, depthRead);
    return byCode(facts) ?? byStatus(facts) ?? byWords(facts.message) ?? ErrorClass.unknown;
  } catch {
    return ErrorClass.unknown;
  }
}

interface ErrorFacts {
  /** In lower case, letters and digits only. */
  codes: string[];
  status: number | null;
  message: string;
}

/** Errors within errors that are read: body, its error, a cause and the cause's cause. */
const depthRead = 5;
const messageRead = 2_000;

function readFailure(failure: unknown, facts: ErrorFacts, depth: number): void {
  if (typeof failure === "string") {
    facts.message = `${facts.message} ${failure}`.slice(0, messageRead);
    const body = facts.codes.length === 0 ? parseBody(failure) : null;
    if (body !== null) readFailure(body, facts, depth - 1);
    return;
  }
  if (typeof failure !== "object" || failure === null || depth === 0) return;
  if (Array.isArray(failure)) {
    readFailure(failure[0], facts, depth - 1);
    return;
  }
  const fields = failure as Record<string, unknown>;
  for (const name of ["code", "type", "reason", "__type", "status", "statusCode", "status_code", "name"]) {
    readCode(fields[name], facts);
  }
  if (typeof fields.message === "string")
    facts.message = `${facts.message} ${fields.message}`.slice(0, messageRead);
  for (const name of ["error", "innererror", "details", "cause"]) readFailure(fields[name], facts, depth - 1);
}

/** A text code, or an HTTP status in its place (Gemini's `code: 429`, LiteLLM's `code: "429"`). */
function readCode(value: unknown, facts: ErrorFacts): void {
  const status = typeof value === "string" && /^[45]\d\d$/.test(value) ? Number(value) : value;
  if (typeof status === "number" && status >= 400 && status < 600) facts.status ??= status;
  else if (typeof value === "string" && value !== "") {
    facts.codes.push(
      value
        .slice(0, 100)
        .toLowerCase()
        .replace(/[^a-z0-9]/g, ""),
    );
  }
}

function parseBody(text: string): unknown {
  if (!/^\s*[{[]/.test(text) || text.length > 100_000) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function byCode({ codes }: ErrorFacts): ErrorClass | null {
  for (const code of codes) {
    const found = errorCodes.get(code);
    if (found !== undefined) return found;
  }
  return null;
}

function byStatus({ status, message }: ErrorFacts): ErrorClass | null {
  if (status === null) return null;
  if (status === 401) return ErrorClass.auth;
  if (status === 402 || status === 429) return ErrorClass.rateLimited;
  if (status === 403) return wordsOf(message, [ErrorClass.contentFilter]) ?? ErrorClass.auth;
  if (status === 404 || status === 499) return ErrorClass.unknown;
  if (status === 408 || status === 504 || status === 524) return ErrorClass.timeout;
  if (status === 413) return ErrorClass.contextLength;
  if (status >= 500) return wordsOf(message, [ErrorClass.contextLength]) ?? ErrorClass.overloaded;
  return (
    wordsOf(message, [
      ErrorClass.contextLength,
      ErrorClass.contentFilter,
      ErrorClass.rateLimited,
      ErrorClass.auth,
    ]) ?? ErrorClass.badRequest
  );
}

function byWords(message: string): ErrorClass | null {
  return wordsOf(message, Object.keys(words) as ErrorClass[]);
}

function wordsOf(message: string, classes: readonly ErrorClass[]): ErrorClass | null {
  return classes.find((name) => words[name]?.test(message)) ?? null;
}

/** Words that say what a code doesn't: Anthropic calls a prompt that is too long an `invalid_request_error`, as it does an
 * empty account. */
const words: Partial<Record<ErrorClass, RegExp>> = {
  context_length:
    /context[ _-]?(?:length|window)|prompt is too long|input is too long|input token count|too many (?:input )?tokens|exceeds? (?:the )?(?:token limit|max(?:imum)? (?:number of )?tokens|model's max)|maximum context|reduce the length of/i,
  rate_limited:
    /rate.?limit|too many requests|throttl|exceeded your current quota|credit balance is too low|insufficient (?:quota|credits|balance)/i,
  content_filter:
    /content (?:management |filtering )?policy|content.?filter|responsible ?ai|safety system|requires moderation|flagged (?:as|for)|blocked by/i,
  timeout: /timed? ?out|deadline exceeded/i,
  overloaded: /overloaded|service unavailable|server had an error|internal server error|bad gateway/i,
  auth: /api[ _-]?key|authenticat|unauthori[sz]ed|permission denied/i,
  network: /fetch failed|failed to fetch|network ?error|connection error|socket hang up|terminated/i,
};
