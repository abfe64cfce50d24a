import type { ErrorClass } from "../artifact/operating-policy.js";
import type { AttemptRecord } from "../log/decision-record.js";
import { classifyError } from "../router/classify-error.js";
import { elapsedMs } from "./elapsed-ms.js";

/** What a chain of calls does. */
export interface ModelChain {
  /** Model of the first call. */
  first: string;
  /** Model that is called last of all, when it wasn't before, whatever the failure. */
  lastResort: string;
  /** Most calls before the last resort. */
  maxAttempts: number;
  signal: AbortSignal | null;
  send(model: string, attempt: number): Promise<Response>;
  /** Models to try after a failure, best first. */
  nextAfter(errorClass: ErrorClass, tried: readonly string[]): readonly string[];
}

/** How a chain of calls ended. */
export interface ChainEnd {
  /** Model of the call that counts: the one that answered, or whose failure goes to the caller. */
  model: string;
  /** Response for the caller, a failed one too; null when the call threw. */
  response: Response | null;
  thrown: unknown;
  /** Code and class of the failure; null when a model answered. */
  error: string | null;
  errorClass: ErrorClass | null;
  isAborted: boolean;
  /** All calls, in order. The latency of the last one of an answered chain is that until its response started. */
  attempts: AttemptRecord[];
  /** When the call that counts was made, by `performance.now()`. */
  startedAt: number;
}

type CallEnd = Omit<ChainEnd, "attempts">;

/** Call models in turn until one answers. When none does, the caller gets the failure of its own model, unchanged. An abort by the caller
 * ends the chain. Never rejects. */
export async function tryModels(chain: ModelChain): Promise<ChainEnd> {
  const attempts: AttemptRecord[] = [];
  const failures: CallEnd[] = [];
  let model: string | null = chain.first;
  while (model !== null) {
    const end: CallEnd = await callModel(chain, model, attempts.length);
    attempts.push({ model, error_class: end.errorClass, latency_ms: elapsedMs(end.startedAt) });
    if (end.error === null || end.isAborted) return { ...end, attempts };
    failures.push(end);
    model = nextModel(chain, end, attempts);
  }
  const own = failures.find((failure) => failure.model === chain.lastResort) ?? failures.at(-1)!;
  return { ...own, attempts };
}

function nextModel(
  chain: ModelChain,
  { errorClass }: CallEnd,
  attempts: readonly AttemptRecord[],
): string | null {
  const tried = attempts.map(({ model }) => model);
  const options = attempts.length < chain.maxAttempts ? chain.nextAfter(errorClass!, tried) : [];
  return [...options, chain.lastResort].find((model) => !tried.includes(model)) ?? null;
}

async function callModel(chain: ModelChain, model: string, attempt: number): Promise<CallEnd> {
  const startedAt = performance.now();
  const end = { model, startedAt, thrown: null, error: null, errorClass: null, isAborted: false };
  try {
    const response = await chain.send(model, attempt);
    if (response.status < 400) return { ...end, response };
    const { text, whole } = await readFailure(response);
    return {
      ...end,
      response: whole,
      error: String(response.status),
      errorClass: classifyError(text, response.status),
    };
  } catch (thrown) {
    const isAborted = chain.signal?.aborted === true;
    const errorClass = classifyError(thrown);
    return {
      ...end,
      response: null,
      thrown,
      error: isAborted ? "aborted" : nameOf(thrown),
      errorClass,
      isAborted,
    };
  }
}

/** Text of a failed response, and a response like it that can still be read. */
async function readFailure(response: Response): Promise<{ text: string; whole: Response }> {
  if (response.status > 599) return { text: "", whole: response };
  const bytes = await response.arrayBuffer();
  const { status, statusText, headers, url } = response;
  const whole = new Response(bytes, { status, statusText, headers });
  Object.defineProperty(whole, "url", { value: url });
  return { text: new TextDecoder().decode(bytes), whole };
}

function nameOf(thrown: unknown): string {
  const { cause, name } = (thrown ?? {}) as { cause?: { code?: unknown }; name?: unknown };
  return String(cause?.code ?? name ?? "error").slice(0, 100);
}
