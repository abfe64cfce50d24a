import type { ActionPlan } from "../action-plans.js";

/** Answering with another model. */
export const routingPlans = {
  router: {
    title: "Let the trained router choose the model",
    effort: "days",
    effortReason: "A call in your code or a hook in the gateway, then a shadow test that runs by itself.",
    risk: "needs_shadow_test",
    riskReason:
      "Other models answer. Quality on the log is the router's own estimate until a shadow test has compared answers.",
    isUpperBound: false,
    firstStep: {
      text: "Export the router and the gateway's part of it, and plan the test that has to come before the switch.",
      language: "sh",
      code: [
        "signalbox export --workspace DIR",
        "signalbox export --format litellm --workspace DIR --out config.yaml",
        "signalbox serve --artifact DIR/artifact --log decisions.jsonl &",
        "signalbox shadow plan --workspace DIR --margin 0.02",
      ].join("\n"),
    },
    check: {
      text: "The shadow test certifies the margin, and the ramp lets the next share of sessions through.",
      language: "sh",
      code: [
        "signalbox shadow analyze --log decisions.jsonl --pairs shadow.jsonl --workspace DIR --fail-on stop",
        "signalbox ramp --workspace DIR --artifact DIR/artifact",
      ].join("\n"),
    },
  },
  cascade: {
    title: "Ask a cheap model first, and a stronger one where its answer falls short",
    effort: "weeks",
    effortReason: "It needs a gate that reads answers, its measured errors, and a second call in the path.",
    risk: "needs_shadow_test",
    riskReason: "What the gate lets through wrongly reaches users; escalated requests wait for two answers.",
    isUpperBound: false,
    firstStep: {
      text: "Look at which pair of models and which threshold pay before anything is built.",
      language: "sh",
      code: "signalbox simulate cascade --workspace DIR",
    },
    check: {
      text: "The shadow test certifies the cascade's answers; its log shows the share of escalations that was planned for.",
      language: "sh",
      code: "signalbox shadow analyze --log decisions.jsonl --pairs shadow.jsonl --workspace DIR --fail-on stop",
    },
  },
} as const satisfies Record<string, ActionPlan>;
