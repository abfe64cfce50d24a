import { compilePolicy, fallbacksAfter, type Policy } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { errorClasses, isRetryable } from "./error-classes.js";

/** Further attempts that the policy's chain may take: with more, what is known of them is hardly ever logged. */
const mostFallbacks = 3;

/** A chain of attempts. */
export interface ChainPlan {
  chain: string;
  label: string;
  /** Place of the model that it begins with; null = whichever model the log's first attempt went to. */
  from: number | null;
  /** Models to ask after a first attempt on this model failed in this way, in order; empty = the failure stands. */
  targets: (model: number, errorClass: number) => readonly number[];
}

/** The chains that are compared: none, retries, the next model, both, what the policy says, and what the user asks for. All but the
 * policy's stop at an error that is the request's own fault.
 * @param custom chains as "model,model,...", the first attempt's model first
 * @throws {InputError} when one names a model that isn't in the policy */
export function planChains(policy: Policy, custom: readonly string[]): ChainPlan[] {
  const names = policy.models.map(({ model }) => model);
  const byPolicy = policyTargets(policy);
  const unknown = errorClasses.length - 1;
  const next = names.map((_, model) => byPolicy[model]![unknown]!.slice(0, 1));
  const simple = (chain: string, label: string, steps: (model: number) => readonly number[]): ChainPlan => ({
    chain,
    label,
    from: null,
    targets: (model, errorClass) => (isRetryable(errorClass) ? steps(model) : []),
  });
  return [
    simple("no_retry", "One attempt", () => []),
    simple("retry_once", "Retry once", (model) => [model]),
    simple("retry_twice", "Retry twice", (model) => [model, model]),
    simple("fallback", "Next model", (model) => next[model]!),
    simple("retry_then_fallback", "Retry, then next model", (model) => [model, ...next[model]!]),
    {
      chain: "policy",
      label: "The policy's fallbacks",
      from: null,
      targets: (model, errorClass) => byPolicy[model]![errorClass]!,
    },
    ...[...new Set(custom)].map((text) => customChain(text, names)),
  ];
}

function customChain(text: string, names: readonly string[]): ChainPlan {
  const places = text.split(",").map((name) => names.indexOf(name.trim()));
  if (places.length > mostFallbacks + 1 || places.includes(-1)) {
    throw new InputError(
      `--chain ${text}: a chain is one to ${mostFallbacks + 1} of the policy's models with commas between them: ${names.join(", ")}`,
    );
  }
  const [from, ...steps] = places;
  return {
    chain: text,
    label: places.map((place) => names[place]!).join(", then "),
    from: from!,
    targets: (_model, errorClass) => (isRetryable(errorClass) ? steps : []),
  };
}

/** What the runtime would ask, by model and class of error: its own list, dearer models first, and its own rules. */
function policyTargets(policy: Policy): number[][][] {
  const compiled = compilePolicy(policy, []);
  const names = policy.models.map(({ model }) => model);
  const allowed = [...compiled.candidates.keys()].filter((place) => compiled.candidates[place]!.isAllowed);
  return names.map((model, rank) => {
    const dearer = allowed.filter((other) => other > rank);
    const cheaper = allowed.filter((other) => other < rank).reverse();
    const fallbacks = [...dearer, ...cheaper].map((place) => names[place]!);
    return errorClasses.map(({ runtime }) =>
      fallbacksAfter(compiled, { model, fallbacks }, runtime)
        .slice(0, mostFallbacks)
        .map((name) => names.indexOf(name)),
    );
  });
}
