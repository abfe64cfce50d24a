/** Class of a failed call (see `error_class` in the request log) from its HTTP status and whatever the log calls the error: an
 * exception's name, a provider's code, a message. The words decide where they are clear, then the status. */
export function classifyError(httpStatus: number | null, ...words: ReadonlyArray<string | null>): string {
  const text = words.filter((word) => word !== null).join(" ").slice(0, 4000);
  return wordRules.find(([pattern]) => pattern.test(text))?.[1] ?? byStatus(httpStatus);
}

const wordRules: ReadonlyArray<readonly [RegExp, string]> = [
  [/context.?(length|window)|too many (input )?tokens|prompt is too long|maximum (context|token)|input.*too long|exceeds? the (maximum|model).*(token|context)/i, "context_length"],
  [/rate.?limit|throttl|too.?many.?requests|quota|resource.?exhausted|(^|\W)429(\W|$)/i, "rate_limit"],
  [/content.?(policy|filter|management)|responsible.?ai|safety|guardrail|moderation/i, "content_filter"],
  [/time.?out|timed.?out|deadline.?exceeded|ETIMEDOUT/i, "timeout"],
  [/authenti|unauthori[sz]ed|access.?denied|permission|forbidden|invalid.*(api.?key|token|credential)|expired.?token|unrecognized.?client/i, "auth"],
  [/bad.?request|invalid.?(request|argument|parameter)|validation|not.?found|unprocessable|unsupported/i, "invalid_request"],
  [/internal|overloaded|unavailable|server.?error|bad.?gateway|connection|not.?ready|model.?(error|stream)|ECONN/i, "server"],
];

function byStatus(httpStatus: number | null): string {
  if (httpStatus === null) return "other";
  if (httpStatus === 429) return "rate_limit";
  if (httpStatus === 408 || httpStatus === 504) return "timeout";
  if (httpStatus === 401 || httpStatus === 403) return "auth";
  if (httpStatus >= 500) return "server";
  return httpStatus >= 400 ? "invalid_request" : "other";
}
