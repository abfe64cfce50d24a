import { ErrorClass, type FallbackRule } from "../artifact/operating-policy.js";
import type { CompiledPolicy } from "./compile-policy.js";
import type { Decision } from "./decision.js";

/** What to try after which failure, where the policy says nothing: another model can't help a request that is wrong, forbidden or
 * refused, and a provider in trouble is left first. */
export const defaultFallbacks: Readonly<Record<ErrorClass, FallbackRule>> = {
  rate_limited: "other_provider",
  overloaded: "other_provider",
  timeout: "other_provider",
  network: "other_provider",
  context_length: "larger_context",
  content_filter: "none",
  bad_request: "none",
  auth: "none",
  unknown: "next",
};

/** List the models to try after a failure, best first, by the policy's rule for that class of error. All come from the decision's
 * `fallbacks`, so hard constraints and the user's rules hold for them too. What isn't known (a provider, a context window) leaves nothing out.
 * @param errorClass one that isn't known counts as `unknown`
 * @param tried models that were called for this request so far, in order; the decision's own when absent */
export function fallbacksAfter(
  compiled: CompiledPolicy | null,
  decision: Pick<Decision, "model" | "fallbacks">,
  errorClass: string,
  tried: readonly string[] = [decision.model],
): string[] {
  const known = Object.hasOwn(defaultFallbacks, errorClass) ? (errorClass as ErrorClass) : ErrorClass.unknown;
  const rule = compiled?.policy.fallbacks?.[known] ?? defaultFallbacks[known];
  const called = new Set([decision.model, ...tried]);
  const left = decision.fallbacks.filter((model) => !called.has(model));
  if (rule === "none") return [];
  if (compiled === null || rule === "next") return left;
  const failed = tried.at(-1) ?? decision.model;
  if (rule === "dearer") return keepDearer(compiled, left, failed);
  return rule === "larger_context"
    ? keepLarger(compiled, left, failed)
    : otherProvidersFirst(compiled, left, called);
}

function keepDearer({ candidates }: CompiledPolicy, left: readonly string[], failed: string): string[] {
  const rankOf = (wanted: string) => candidates.findIndex(({ model }) => model === wanted);
  return left.filter((model) => rankOf(model) > rankOf(failed));
}

/** Models that are known to have a larger window, then those of which it isn't known. */
function keepLarger(compiled: CompiledPolicy, left: readonly string[], failed: string): string[] {
  const needed = factsOf(compiled, failed)?.context_window ?? null;
  if (needed === null) return [...left];
  const windowOf = (model: string) => factsOf(compiled, model)?.context_window ?? null;
  const larger = left.filter((model) => (windowOf(model) ?? 0) > needed);
  return [...larger, ...left.filter((model) => windowOf(model) === null)];
}

/** Models of providers that haven't failed yet, then the rest. */
function otherProvidersFirst(
  compiled: CompiledPolicy,
  left: readonly string[],
  called: ReadonlySet<string>,
): string[] {
  const providerOf = (model: string) => factsOf(compiled, model)?.provider ?? null;
  const failing = new Set([...called].map(providerOf).filter((provider) => provider !== null));
  const isFailing = (model: string) => failing.has(providerOf(model) ?? "");
  return [...left.filter((model) => !isFailing(model)), ...left.filter(isFailing)];
}

function factsOf({ candidates }: CompiledPolicy, wanted: string) {
  return candidates.find(({ model }) => model === wanted)?.facts ?? null;
}
