import type { ActionPlan } from "../action-plans.js";

/** Knowing what isn't known: dollars that no figure holds yet. */
export const knowledgePlans = {
  unpriced: {
    title: "Give a price to the calls that have none",
    effort: "hours",
    effortReason: "A price list or a contract, one file.",
    risk: "none",
    riskReason: "Nothing changes but the figures.",
    isUpperBound: false,
    firstStep: {
      text: "See why they have no price, then import a list or a contract.",
      language: "sh",
      code: [
        "signalbox prices explain MODEL --workspace DIR",
        "signalbox prices import PRICES.json --as-of DAY --workspace DIR",
        "signalbox audit --workspace DIR",
      ].join("\n"),
    },
    check: {
      text: "No attempt is unpriced.",
      language: "sh",
      code: "signalbox report --workspace DIR --fail-on 'unpriced_share>0'",
    },
  },
  unlogged_bill: {
    title: "Find the billed calls that no log holds",
    effort: "days",
    effortReason: "Keys and projects have to be matched with the apps that use them.",
    risk: "none",
    riskReason: "Nothing changes but what is seen.",
    isUpperBound: false,
    firstStep: {
      text: "List the models and days that are billed and not logged.",
      language: "sh",
      code: "signalbox reconcile BILL.csv --workspace DIR",
    },
    check: {
      text: "The part of the bill that is missing in the log is gone.",
      language: "sh",
      code: "signalbox reconcile BILL.csv --workspace DIR",
    },
  },
  retrain: {
    title: "Train the router again: the traffic is no longer what it learnt from",
    effort: "days",
    effortReason: "New labels cost judging; training and export are commands.",
    risk: "needs_shadow_test",
    riskReason: "A new router decides differently.",
    isUpperBound: false,
    firstStep: {
      text: "Label a sample of the new traffic and train on it.",
      language: "sh",
      code: [
        "signalbox label plan --workspace DIR",
        "signalbox train --workspace DIR",
        "signalbox export --workspace DIR",
      ].join("\n"),
    },
    check: {
      text: "Drift against the new artifact advises nothing.",
      language: "sh",
      code: "signalbox drift --workspace DIR --since DAY --artifact DIR/artifact",
    },
  },
} as const satisfies Record<string, ActionPlan>;
