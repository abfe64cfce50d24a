/** Sort a failed call into rate_limit, timeout, context_length, auth, invalid_request, server, content_filter or other (see
 * `error_class` in the request log): by what the log calls the error (an exception's name, a provider's code, a message)
 * where those words are clear, else by the HTTP status. */
export function classifyError(httpStatus: number | null, ...words: ReadonlyArray<string | null>): string {
  const text = words
    .filter((word) => word !== null)
    .join(" ")
    .slice(0, 4000);
  return (
    WORDS.find(([pattern]) => pattern.test(text))?.[1] ??
    byStatus(httpStatus) ??
    WEAK_WORDS.find(([pattern]) => pattern.test(text))?.[1] ??
    "other"
  );
}

const WORDS: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /context.?(length|window)|too many (input )?tokens|prompt is too long|maximum context|input.{0,40}too long|reduce the length/i,
    "context_length",
  ],
  [/rate.?limit|throttl|too.?many.?requests|quota|resource.?exhausted|(^|\W)429(\W|$)/i, "rate_limit"],
  [
    /content.?(filter|policy|management)|responsible.?ai|safety (system|settings)|guardrail|moderation/i,
    "content_filter",
  ],
  [/time.?out|timed.?out|deadline.?exceeded|ETIMEDOUT/i, "timeout"],
  [
    /authenti|unauthori[sz]ed|access.?denied|permission|forbidden|invalid.{0,20}(api.?key|credential)|expired.?token|unrecognized.?client/i,
    "auth",
  ],
];

/** Words that a status outranks: "invalid" and "internal" stand in all kinds of messages. */
const WEAK_WORDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/bad.?request|invalid|validation|not.?found|unprocessable|unsupported/i, "invalid_request"],
  [
    /internal|overloaded|unavailable|server.?(had an )?error|bad.?gateway|connection|not.?ready|model.?(error|stream)|ECONN/i,
    "server",
  ],
];

function byStatus(status: number | null): string | null {
  if (status === 429) return "rate_limit";
  if (status === 408 || status === 504) return "timeout";
  if (status === 401 || status === 403) return "auth";
  if (status !== null && status >= 500) return "server";
  return status !== null && status >= 400 ? "invalid_request" : null;
}
