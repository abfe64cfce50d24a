/** Give a call a time in which its response must start. Its body may take as long as it likes.
 * @param signal the caller's own
 * @throws {DOMException} TimeoutError when the time is over; whatever `send` throws */
export async function withTimeLimit(
  send: (signal: AbortSignal) => Promise<Response>,
  limitMs: number,
  signal: AbortSignal | null,
): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new DOMException(`no response within ${limitMs} ms`, "TimeoutError"));
  }, limitMs);
  try {
    return await send(signal === null ? limit.signal : AbortSignal.any([signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}
