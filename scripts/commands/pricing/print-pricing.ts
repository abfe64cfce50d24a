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
  printIncidence(priced, traffic.payer_field);
  printLine();
  const shown = result.break_evens.filter((row) => row.first === "as billed" || row.tokens_per_call !== null);
  printBreakEvens(shown);
  if (shown.length < result.break_evens.length)
    printLine(`${result.break_evens.length - shown.length} more pairs are in --json.`);
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

/** One row a plan: by how much each tenth of the payers pays more or less. */
function printIncidence(priced: readonly PricedPlan[], payer: string): void {
  const rows = priced.flatMap(({ plan, incidence }) => (incidence === null ? [] : [{ plan, ...incidence }]));
  if (rows.length === 0) return;
  const groups = rows[0]!.deciles.map((_, i) => i);
  printLine();
  printLine(
    `Change of what payers pay, by ${payer}: ${groups.length} groups of equal number, 1 pays least now`,
  );
  printTable(rows, [
    { title: "plan", value: ({ plan }) => plan },
    ...groups.map((i) => ({
      title: String(i + 1),
      align: "right" as const,
      value: ({ deciles }: (typeof rows)[0]) => {
        const change = deciles[i]!.change;
        return change === null ? "-" : percent(change);
      },
    })),
    { title: "pay more", align: "right", value: (row) => count(row.pay_more) },
    { title: "less", align: "right", value: (row) => count(row.pay_less) },
    { title: "top tenth pays", align: "right", value: (row) => percent(row.top_tenth_share) },
    { title: "Gini", align: "right", value: ({ gini }) => gini?.toFixed(2) ?? "-" },
  ]);
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
