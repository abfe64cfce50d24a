import type { ActionPlan } from "../action-plans.js";
import { compareStep } from "./compare-step.js";

/** Not paying twice for what was read or answered before. */
export const cachePlans = {
  exact_cache: {
    title: "Answer identical requests from a cache",
    effort: "hours",
    effortReason:
      "Gateways have it as a setting; keys, lifetimes and what must not be cached have to be decided.",
    risk: "low",
    riskReason:
      "The prompt is the same, but an answer can have gone out of date; keep the lifetime short and tenants apart.",
    isUpperBound: false,
    firstStep: {
      text: "Switch the gateway's cache on for the apps with repeats (here LiteLLM's proxy), or cache in process as in docs/runtime-cache.md.",
      language: "yaml",
      code: [
        "litellm_settings:",
        "  cache: true",
        "  cache_params:",
        "    type: redis",
        "    ttl: 3600",
        "    mode: default_off # callers opt in with cache: {use-cache: true}",
      ].join("\n"),
    },
    check: compareStep("The audit's exact repeats fall to almost nothing."),
  },
  semantic_cache: {
    title: "Answer requests that mean the same from a cache",
    effort: "weeks",
    effortReason: "It needs labels of pairs, a calibrated threshold, and a store of vectors.",
    risk: "needs_shadow_test",
    riskReason: "A near prompt can need another answer; only a calibrated threshold bounds how often.",
    isUpperBound: false,
    firstStep: {
      text: "Calibrate the thresholds on labelled pairs; export then writes them into the artifact.",
      language: "sh",
      code: [
        "signalbox cache pairs plan --workspace DIR",
        "signalbox cache calibrate --workspace DIR",
        "signalbox export --workspace DIR",
      ].join("\n"),
    },
    check: compareStep(
      "Calls to models fall by the hit rate, and no segment serves more wrong answers than promised.",
    ),
  },
  prompt_cache: {
    title: "Have the provider cache what follow-ups repeat",
    effort: "hours",
    effortReason: "One mark in the request, and what stays the same moved to its front.",
    risk: "none",
    riskReason: "The model reads the same prompt; only its price changes.",
    isUpperBound: false,
    firstStep: {
      text: "Anthropic: mark the end of what repeats. OpenAI and Google cache by themselves: put instructions, tools and documents first, and what changes last.",
      language: "json",
      code: JSON.stringify(
        {
          system: [
            { type: "text", text: "INSTRUCTIONS THAT STAY THE SAME", cache_control: { type: "ephemeral" } },
          ],
          messages: [{ role: "user", content: "WHAT CHANGES" }],
        },
        null,
        2,
      ),
    },
    check: compareStep("The share of input read from the provider's cache rises, model by model."),
  },
} as const satisfies Record<string, ActionPlan>;
