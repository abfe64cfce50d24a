import type {
  PlanFigures,
  PriceBreakEven,
  PricedPlan,
  PricingResult,
} from "../../../datasets/pricing-result.js";
import type { Estimate } from "../../../datasets/results.js";
import { percent, printLine, printTable, usd, withInterval } from "../../terminal.js";

/** Print results/pricing.json as tables. */
export function printPricing(result: PricingResult): void {
  const { window, traffic, now, priced, coverage, notes } = result;
  printLine(
    `${count(traffic.requests)} requests of ${window.from} to ${window.to} (${window.days} days), made a month of ${window.month_days.toFixed(1)} days (x ${window.factor.toPrecision(4)}): ${count(Math.round(traffic.calls_per_month))} calls, ${count(Math.round(traffic.tokens_per_call))} tokens each; ${count(traffic.payers)} payers by ${traffic.payer_field}`,
  );
  const rows: Array<PlanFigures & { plan: string; change: Estimate | null; unserved_calls: number }> = [
    { plan: "as billed", ...now, change: null, unserved_calls: 0 },
    ...priced,
  ];
  printTable(rows, [
    { title: "plan", value: ({ plan }) => plan },
    { title: "a month", align: "right", value: (row) => withInterval(row.usd_per_month, usd) },
    { title: "change", align: "right", value: ({ change }) => (change ? withInterval(change, percent) : "") },
    { title: "a call", align: "right", value: (row) => usd(row.usd_per_call?.value ?? null) },
    { title: "1M tokens", align: "right", value: (row) => usd(row.usd_per_mtok?.value ?? null) },
    { title: "a success", align: "right", value: (row) => usd(row.usd_per_success?.value ?? null) },
    { title: "not served", align: "right", value: (row) => count(Math.round(row.unserved_calls)) },
  ]);
  for (const { plan, terms } of priced) printLine(`${plan}: ${terms}`);
  for (const plan of priced) printIncidence(plan, traffic.payer_field);
  printLine();
  printBreakEvens(result.break_evens);
  printLine();
  printTable(coverage, [
    { title: "evidence", value: ({ evidence }) => evidence },
    { title: "attempts", align: "right", value: ({ requests }) => count(requests) },
    { title: "usd", align: "right", value: (row) => usd(row.usd) },
    { title: "what", value: ({ note }) => note },
  ]);
  printLine(`${percent(result.measured_share)} of attempts are measured.`);
  for (const note of notes) printLine(note);
}

function printIncidence({ plan, incidence }: PricedPlan, payer: string): void {
  if (incidence === null) return;
  printLine();
  printLine(
    `${plan}: of ${count(incidence.payers)} payers (by ${payer}) ${count(incidence.pay_more)} pay more, ${count(incidence.pay_less)} less; the top tenth pays ${percent(incidence.top_tenth_share)} (Gini ${incidence.gini?.toFixed(2) ?? "unknown"})`,
  );
  printTable(
    incidence.deciles.map((row, i) => ({ ...row, place: i + 1 })),
    [
      { title: "group, lightest first", value: ({ place }) => String(place) },
      { title: "payers", align: "right", value: ({ payers }) => count(payers) },
      { title: "now", align: "right", value: (row) => usd(row.now_usd) },
      { title: "plan", align: "right", value: (row) => usd(row.plan_usd) },
      {
        title: "change",
        align: "right",
        value: ({ change }) => (change === null ? "" : percent(change)),
      },
      { title: "pay more", align: "right", value: (row) => count(row.pay_more) },
      { title: "pay less", align: "right", value: (row) => count(row.pay_less) },
    ],
  );
}

/** Break-evens in sentences, also those of numbers without a log. */
export function printBreakEvens(rows: readonly PriceBreakEven[]): void {
  for (const { first, second, tokens_per_call: tokens, volume } of rows) {
    printLine(`${first} / ${second}`);
    if (volume !== null) printLine(`  ${volume.says}`);
    if (tokens === null) continue;
    const sizes = [
      ["at this mix of input and output", tokens.own_mix],
      ["of input alone", tokens.input_only],
      ["of output alone", tokens.output_only],
    ] as const;
    const known = sizes.flatMap(([what, size]) => (size === null ? [] : [`${round(size)} ${what}`]));
    printLine(
      `  tokens per call at which they cost the same: ${known.join(", ")}; ${tokens.cheaper_above} is cheaper above`,
    );
  }
}

function round(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
