import type { Policy } from "@signalbox/runtime";

/** A part of a policy that a gateway's configuration can't hold, and why. */
export interface LostPart {
  what: string;
  why: string;
}

/** What no gateway's configuration holds: everything that needs the model, the text or a memory. */
export function lostEverywhere(policy: Policy): LostPart[] {
  const when = (isUsed: boolean, what: string, why: string) => (isUsed ? [{ what, why }] : []);
  return [
    {
      what: "the trained choice",
      why: "a configuration can't run the model; call `signalbox serve` or @signalbox/runtime for it, and let them name the model",
    },
    {
      what: "hard constraints, stakes and out-of-distribution checks",
      why: "they read the request's content",
    },
    {
      what: "the session's model",
      why: "a gateway remembers no conversation; follow-up turns can change the model and lose the provider's prompt cache",
    },
    ...when(
      !policy.enabled,
      "every rule",
      "the policy is switched off (enabled: false); only its default model is written",
    ),
    ...when(
      typeof policy.max_cost_usd === "number",
      "max_cost_usd",
      "the cost of a call isn't known before it",
    ),
    ...when(
      policy.min_confidence !== undefined,
      "min_confidence",
      "there is no confidence without the model",
    ),
    ...when((policy.dial?.length ?? 0) > 0, "the dial", "its points are thresholds of the model"),
    ...when((policy.exploration?.epsilon ?? 0) > 0, "exploration", "propensities would not be logged"),
    ...when(
      policy.ramp !== undefined && policy.ramp.share < 1,
      "the ramp",
      "sessions can't be held back by their hash; let the sidecar decide",
    ),
  ];
}
