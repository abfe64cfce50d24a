/** An answer that says what is wrong with a request; its message holds nothing of the request's content. */
export class HttpError extends Error {
  override name = "HttpError";
  constructor(
    readonly status: number,
    /** Stable, for programs. */
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
