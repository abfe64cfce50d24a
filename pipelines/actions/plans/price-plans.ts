import type { ActionPlan } from "../action-plans.js";

/** Paying less for the same calls. */
export const pricePlans = {
  markup: {
    title: "Negotiate the gateway's mark-up, or go around it",
    effort: "weeks",
    effortReason: "A contract, or keys of your own with each provider.",
    risk: "none",
    riskReason: "The same models answer.",
    isUpperBound: false,
    firstStep: {
      text: "Take the mark-up with its interval, and the bill beside the log, to the vendor.",
      language: "sh",
      code: ["signalbox markup --workspace DIR", "signalbox reconcile BILL.csv --workspace DIR"].join("\n"),
    },
    check: {
      text: "On a log from after the change no mark-up is left.",
      language: "sh",
      code: ["signalbox ingest AFTER.jsonl --workspace AFTER", "signalbox markup --workspace AFTER"].join(
        "\n",
      ),
    },
  },
  price_plan: {
    title: "Change to a cheaper price plan",
    effort: "weeks",
    effortReason: "A contract.",
    risk: "none",
    riskReason: "The same calls at other prices; a plan with other models is as good as those models are.",
    isUpperBound: false,
    firstStep: {
      text: "Check the plans' terms, and who would pay more.",
      language: "sh",
      code: "signalbox pricing compare --workspace DIR --plans plans.json",
    },
    check: {
      text: "The next bill agrees with the plan's price of the log.",
      language: "sh",
      code: "signalbox reconcile BILL.csv --workspace AFTER",
    },
  },
} as const satisfies Record<string, ActionPlan>;
