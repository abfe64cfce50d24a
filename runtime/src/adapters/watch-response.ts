/** How a body's way to its consumer ended. */
export interface BodyEnd {
  /** `done` = all of it was handed over; `aborted` = the consumer left; `failed` = the sender broke off. */
  how: "done" | "aborted" | "failed";
  error: unknown;
}

/** Sees a body pass. */
export interface BodyWatcher {
  /** Changes the body before it is watched. */
  transform(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array>;
  onChunk(chunk: Uint8Array): void;
  /** Called once, after the consumer has what it gets. */
  onEnd(end: BodyEnd): void;
}

/** Statuses whose responses may have no body. */
const bodyless = new Set([204, 205, 304]);

/** Whether `watchResponse` can copy a response: those of other implementations of `fetch`, and of a status that none may be made with,
 * go to the caller as they are. */
export function canWatch(response: Response): boolean {
  const isStandard = response instanceof Response && response.status >= 200 && response.status <= 599;
  return isStandard && !response.bodyUsed && response.body?.locked !== true;
}

/** Make a response like another, with more headers, whose body tells a watcher what passes. Each chunk is handed on as it comes, and
 * none is asked for before the consumer asks. What the watcher throws is swallowed.
 * @param response `canWatch`; it is used up with the first read
 * @throws {TypeError} when it can't be copied after all; it is untouched then */
export function watchResponse(
  response: Response,
  headers: Readonly<Record<string, string>>,
  watcher: BodyWatcher,
): Response {
  const merged = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) merged.set(name, printable(value));
  const { status, statusText, url, redirected, type } = response;
  const source = bodyless.has(status) ? null : response.body;
  const body = source === null ? null : watchBody(source, watcher);
  const watched = new Response(body, { status, statusText, headers: merged });
  Object.defineProperties(watched, {
    url: { value: url },
    redirected: { value: redirected },
    type: { value: type },
  });
  if (body === null) quietly(() => watcher.onEnd({ how: "done", error: null }));
  return watched;
}

function watchBody(body: ReadableStream<Uint8Array>, watcher: BodyWatcher): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let hasEnded = false;
  const end = (how: BodyEnd["how"], error: unknown) => {
    if (hasEnded) return;
    hasEnded = true;
    quietly(() => watcher.onEnd({ how, error }));
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          reader ??= watcher.transform(body).getReader();
          const { done, value } = await reader.read();
          if (done) {
            controller.close();
            end("done", null);
            return;
          }
          controller.enqueue(value);
          quietly(() => watcher.onChunk(value));
        } catch (error) {
          if (hasEnded) return;
          controller.error(error);
          end("failed", error);
        }
      },
      cancel(reason) {
        end("aborted", reason);
        return (reader ?? body).cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {}
}

/** Header values hold printable ASCII only; a model's name may hold anything, and is percent-encoded then. */
function printable(value: string): string {
  return value.replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character.toWellFormed()));
}
