import { InputError } from "../../../datasets/errors.js";
import { openPriceBook } from "../../../datasets/prices/price-book.js";
import { emptyPlan, type PricingPlan } from "../../../models/pricing/plan.js";
import { breakEvenByHand } from "../../../pipelines/pricing/break-even-by-hand.js";
import { readPlans } from "../../../pipelines/pricing/read-plans.js";
import { printJson, printLine, printTable, usd } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { printBreakEvens } from "./print-pricing.js";

const price = { from: 0, to: 1e12 };

/** `signalbox pricing break-even`: where prices cost the same, without a log. */
export const pricingBreakEvenCommand = defineCommand({
  command: "break-even",
  describe: "Say where prices cost the same, in tokens per call and calls a month; no log needed",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("plans", { type: "string", describe: "JSON file of plans, see docs/pricing.md" })
        .option("per-call", { type: "number", describe: "Or by options: USD for every call" })
        .option("per-month", { type: "number", describe: "USD a month for any number of calls" })
        .option("input-usd", { type: "number", describe: "USD per million input tokens" })
        .option("output-usd", { type: "number", describe: "USD per million output tokens" })
        .option("input-tokens", {
          type: "number",
          default: 0,
          describe: "Input of an average call, uncached",
        })
        .option("cached-tokens", { type: "number", default: 0, describe: "Input from the prompt cache" })
        .option("output-tokens", { type: "number", default: 0, describe: "Output of an average call" })
        .option("calls", { type: "number", describe: "Calls a month, to have the cost too" })
        .option("users", { type: "number", default: 1, describe: "Users, for plans by user" })
        .option("month-days", { type: "number", default: 30, describe: "Days in a month" })
        .option("json", sharedOptions.json),
      {
        "per-call": price,
        "per-month": price,
        "input-usd": price,
        "output-usd": price,
        "input-tokens": { from: 0, to: 1e12 },
        "cached-tokens": { from: 0, to: 1e12 },
        "output-tokens": { from: 0, to: 1e12 },
        calls: { above: 0, to: 1e15 },
        users: { from: 1, to: 1e9, isWhole: true },
        "month-days": { from: 1, to: 31 },
      },
    )
      .example(
        "$0 pricing break-even --per-call 0.05 --input-usd 2.5 --output-usd 10",
        "A fee per call against token prices",
      )
      .example(
        "$0 pricing break-even --per-month 100 --input-usd 2.5 --output-usd 10 --input-tokens 400 --output-tokens 100",
        "From how many calls on does a subscription pay?",
      ),
  handler: async (options) => {
    const result = breakEvenByHand(plansOf(options), {
      inputTokens: options.inputTokens,
      cachedTokens: options.cachedTokens,
      outputTokens: options.outputTokens,
      callsPerMonth: options.calls ?? null,
      users: options.users,
      monthDays: options.monthDays,
    });
    if (options.json) return printJson(result);
    if (result.costs.length > 0) {
      printTable(result.costs, [
        { title: "plan", value: ({ plan }) => plan },
        { title: "a month", align: "right", value: (row) => usd(row.usd_per_month) },
        { title: "a call", align: "right", value: (row) => usd(row.usd_per_call) },
        { title: "not served", align: "right", value: (row) => String(Math.round(row.unserved_calls)) },
      ]);
      printLine();
    }
    if (result.call === null)
      printLine(
        "Without --input-tokens and --output-tokens only sizes of calls can be compared, not numbers of them.",
      );
    printBreakEvens(result.break_evens);
  },
});

function plansOf(options: {
  plans?: string;
  perCall?: number;
  perMonth?: number;
  inputUsd?: number;
  outputUsd?: number;
}): PricingPlan[] {
  const { plans, perCall, perMonth, inputUsd, outputUsd } = options;
  const given =
    plans === undefined ? [] : readPlans(plans, { book: openPriceBook(), at: Date.now() * 1000 }).plans;
  if ((inputUsd === undefined) !== (outputUsd === undefined))
    throw new InputError("--input-usd and --output-usd belong together; give both");
  return [
    ...given,
    ...(perCall === undefined
      ? []
      : [{ ...emptyPlan, name: "per call", call: { usd: perCall, counts: "attempts" as const } }]),
    ...(perMonth === undefined
      ? []
      : [
          {
            ...emptyPlan,
            name: "per month",
            subscription: {
              usd_per_month: perMonth,
              per: "account" as const,
              included: null,
              overage_usd: null,
            },
          },
        ]),
    ...(inputUsd === undefined
      ? []
      : [
          {
            ...emptyPlan,
            name: "per token",
            tokens: {
              input_usd_per_mtok: inputUsd,
              cached_input_usd_per_mtok: inputUsd,
              cache_write_usd_per_mtok: inputUsd,
              output_usd_per_mtok: outputUsd!,
            },
          },
        ]),
  ];
}
