import { InputError } from "../../../datasets/errors.js";

/** Refuse what is no web address before any text is sent.
 * @param example the provider's own URL
 * @throws {InputError} if it isn't one */
export function checkUrl(url: string, example: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new InputError(`${url}: not an http(s) URL; the provider's own is ${example}`);
}

/** Make sure that something answers at the URL, whatever it says, before any text is sent.
 * @throws {InputError} if nothing does */
export async function checkEndpoint(url: string): Promise<void> {
  try {
    await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** Nothing answers at the URL. */
export function unreachable(url: string, cause: unknown): InputError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InputError(
    `${url}: the judge can't be reached (${reason}); check --judge-url, then run the same command to go on`,
    { cause },
  );
}

/** What an endpoint's refusal means for the user; null without a status.
 * @param keyName environment variable that holds the key */
export function refusedBy(
  url: string,
  { status, message, cause }: { status: number | undefined; message: string; cause: unknown },
  keyName: string,
): InputError | null {
  if (status === undefined) return null;
  if (status === 401 || status === 403)
    return new InputError(`${url}: the judge refused the key (${status}); set ${keyName}`, { cause });
  if (status === 404)
    return new InputError(
      `${url}: ${message}; check --judge-url, the models' names, and that the key is of the same project as before`,
      { cause },
    );
  if (status === 429 || status >= 500)
    return new InputError(`${url}: ${message}; it keeps failing: run the same command later to go on`, {
      cause,
    });
  return new InputError(`${url}: ${message}; correct it, then run the same command to go on`, { cause });
}
