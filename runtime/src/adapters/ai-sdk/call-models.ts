import type { LanguageModelV3 } from "@ai-sdk/provider";
import type { AttemptRecord } from "../../log/decision-record.js";
import { classifyError } from "../../router/classify-error.js";
import type { Decision } from "../../router/decision.js";
import type { FallbackRouter } from "../deciding-router.js";

/** What is called, and in which order after a failure. */
export interface ModelCalls<T> {
  router: FallbackRouter;
  decision: Decision;
  models: ReadonlyMap<string, LanguageModelV3>;
  /** Name of the model to call first; one of `models`. */
  first: string;
  signal: AbortSignal | undefined;
  call(model: LanguageModelV3): PromiseLike<T>;
}

/** The answer that came, with every call that was made for it. */
export interface ModelAnswer<T> {
  answer: T;
  servedModel: string;
  attempts: AttemptRecord[];
}

/** A request that no model answered. */
export class CallsFailed {
  constructor(
    /** What the last model's call threw. */
    readonly error: unknown,
    readonly errorClass: string,
    readonly servedModel: string,
    readonly attempts: AttemptRecord[],
  ) {}
}

/** Call the models one after the other until one answers, in the order that the router gives after each failure. A caller that has
 * aborted is not served by another model.
 * @throws {CallsFailed} when none is left */
export async function callModels<T>({
  router,
  decision,
  models,
  first,
  signal,
  call,
}: ModelCalls<T>): Promise<ModelAnswer<T>> {
  const attempts: AttemptRecord[] = [];
  let name = first;
  for (;;) {
    const started = performance.now();
    try {
      const answer = await call(models.get(name)!);
      attempts.push({ model: name, error_class: null, latency_ms: performance.now() - started });
      return { answer, servedModel: name, attempts };
    } catch (error) {
      const errorClass = classifyCall(error);
      attempts.push({ model: name, error_class: errorClass, latency_ms: performance.now() - started });
      const tried = attempts.map(({ model }) => model);
      const next =
        signal?.aborted === true
          ? undefined
          : router
              .fallbacksAfter(decision, errorClass, tried)
              .find((model) => models.has(model) && !tried.includes(model));
      if (next === undefined) throw new CallsFailed(error, errorClass, name, attempts);
      name = next;
    }
  }
}

/** The SDK keeps the provider's error body, which has the code, in `data` of what it throws. */
export function classifyCall(error: unknown): string {
  if (typeof error !== "object" || error === null) return classifyError(error);
  const { data, message, name, statusCode, cause } = error as Record<string, unknown>;
  return classifyError({ name, statusCode, message, error: data, cause });
}
