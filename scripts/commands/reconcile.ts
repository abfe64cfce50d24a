import { checkNumber } from "../../datasets/check-number.js";
import { DataError, InputError } from "../../datasets/errors.js";
import { Vendor } from "../../datasets/invoices/bill-row.js";
import type { ReconcileResult, ReconcileVendor } from "../../datasets/reconcile-result.js";
import { openWorkspace } from "../../datasets/workspace.js";
import { reconcile } from "../../pipelines/reconcile/reconcile.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox reconcile`: vendors' bills against the log, every difference by its kind in dollars. */
export const reconcileCommand = defineCommand({
  command: "reconcile <bills..>",
  describe: "Compare vendors' bills and usage exports with the log",
  builder: (yargs) =>
    yargs
      .positional("bills", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Exports of OpenAI, Anthropic, OpenRouter or DeepSeek, CSV or JSON",
      })
      .option("workspace", sharedOptions.workspace)
      .option("vendor", {
        choices: Object.values(Vendor),
        array: true,
        describe: "Compare this vendor alone; repeat for more",
      })
      .option("tolerance", {
        type: "number",
        default: 0.02,
        describe: "Share by which bill and log may differ for a model and day, and still match",
      })
      .option("basis", {
        choices: ["billed", "list", "reported"] as const,
        default: "billed" as const,
        describe: "The log's cost: as reported, else list price; list price alone; as reported alone",
      })
      .option("fx", {
        type: "string",
        array: true,
        describe: "USD for one unit of a currency, such as CNY=0.14; without it money in CNY is not compared",
      })
      .option("overlaps", {
        choices: ["larger", "add"] as const,
        default: "larger" as const,
        describe: "Where two files state the same figure: keep the larger, or add them (different accounts)",
      })
      .option("fail-over", {
        type: "number",
        describe: "Exit with 1 when more than this percentage of a bill is unexplained",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 reconcile openai-costs.csv --workspace ws",
        "Matched, missing and mispriced, by model and day",
      )
      .example("$0 reconcile amount.csv cost.csv --workspace ws --fx CNY=0.14", "A bill in another currency")
      .example(
        "$0 reconcile bill.csv --workspace ws --fail-over 5",
        "For scripts: fail when over 5 % is unexplained",
      ),
  handler: async (options) => {
    checkNumber("--tolerance", options.tolerance, { from: 0, below: 1 });
    if (options.failOver !== undefined) checkNumber("--fail-over", options.failOver, { from: 0 });
    const result = await reconcile(openWorkspace(options.workspace), options.bills, {
      tolerance: options.tolerance,
      basis: options.basis,
      overlaps: options.overlaps,
      fx: readRates(options.fx ?? []),
      ...(options.vendor && { vendors: options.vendor }),
    });
    if (options.json) printJson(result);
    else printResult(result);
    checkUnexplained(result, options.failOver);
  },
});

function readRates(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given
      .flatMap((text) => text.split(","))
      .map((text) => {
        const [, currency, rate] = /^\s*([A-Za-z]{3})\s*=\s*(\d*\.?\d+)\s*$/.exec(text) ?? [];
        if (currency === undefined || !(Number(rate) > 0))
          throw new InputError(`--fx ${text}: give a currency and its rate in USD, such as --fx CNY=0.14`);
        return [currency.toUpperCase(), Number(rate)];
      }),
  );
}

function printResult(result: ReconcileResult): void {
  const count = (value: number): string => value.toLocaleString("en-US");
  printTable(result.bills, [
    { title: "bill", value: ({ path }) => path },
    { title: "read as", value: ({ readers }) => readers.join(", ") },
    { title: "records", align: "right", value: ({ records }) => count(records) },
    { title: "figures", align: "right", value: ({ rows }) => count(rows) },
    { title: "unread", align: "right", value: ({ unread }) => count(unread) },
  ]);
  for (const { reason, count: lines, example } of result.unread)
    printLine(`unread: ${lines} x ${reason} (${example})`);
  for (const { kind, kept, dropped, amount, unit, difference } of result.overlaps)
    printLine(
      `overlap: ${kind} of ${dropped} left out, ${kept} says the same (${amount.toFixed(4)} ${unit}, difference ${difference.toFixed(4)})`,
    );
  for (const note of result.notes) printLine(note);
  for (const vendor of result.vendors) printVendor(vendor);
}

/** Rows of the table of cells that are printed; all are in the JSON. */
const shownCells = 25;

function printVendor(vendor: ReconcileVendor): void {
  const tokens = (of: { input: number; output: number } | null): string =>
    of === null
      ? "not stated"
      : `${of.input.toLocaleString("en-US")} in, ${of.output.toLocaleString("en-US")} out`;
  printLine();
  printLine(`${vendor.vendor}, ${vendor.from} to ${vendor.to} (${vendor.zone}, by ${vendor.grain})`);
  const basis =
    vendor.bill_basis === "list_price_of_billed_tokens"
      ? " (list price of the billed tokens; the bill has no money)"
      : "";
  printLine(
    `bill ${usd(vendor.bill_usd)}${basis}; log ${usd(vendor.log_usd)}; bill - log ${usd(vendor.gap_usd)}`,
  );
  if (vendor.bill_list_usd !== null && vendor.bill_list_usd !== vendor.bill_usd)
    printLine(`the bill states ${usd(vendor.bill_list_usd)} at list price`);
  printLine(`tokens billed: ${tokens(vendor.bill_tokens)}; logged: ${tokens(vendor.log_tokens)}`);
  if (vendor.coverage !== null)
    printLine(
      `The log accounts for ${percent(vendor.coverage)} of the bill; ${percent(vendor.unexplained_share)} is unexplained.`,
    );
  for (const { currency, amount } of vendor.unconverted)
    printLine(
      `${amount.toFixed(6)} ${currency} is not compared: give --fx ${currency}=RATE to have it in dollars`,
    );
  if (vendor.parts.length > 0) {
    printTable(
      [...vendor.parts, { kind: "bill - log", usd: vendor.gap_usd ?? 0, cells: vendor.cells.length }],
      [
        { title: "difference", value: ({ kind }) => partTitles[kind] ?? kind },
        { title: "cells", align: "right", value: ({ cells }) => String(cells) },
        { title: "usd", align: "right", value: (part) => usd(part.usd) },
      ],
    );
  }
  if (vendor.bill_over_list)
    printLine(
      `charged over list price for the same tokens: ${withInterval(vendor.bill_over_list, (value) => value.toFixed(4))}`,
    );
  const cells = vendor.cells
    .filter(({ status }) => status !== "within_tolerance")
    .sort((a, b) => size(b) - size(a))
    .slice(0, shownCells);
  if (cells.length > 0) {
    printTable(cells, [
      { title: "day", value: ({ day }) => day },
      { title: "model", value: ({ model }) => model },
      { title: "bill", align: "right", value: (cell) => usd(cell.bill_usd) },
      { title: "log", align: "right", value: (cell) => usd(cell.log_usd) },
      { title: "mostly", value: ({ status }) => partTitles[status] ?? status },
    ]);
  }
  const { log, unmatched_models: unmatched } = vendor;
  for (const { item, usd: amount, is_billed_elsewhere: elsewhere } of vendor.items)
    printLine(
      `${item}: ${usd(amount)}${elsewhere ? ", billed by the provider and not part of this bill" : ""}`,
    );
  if (unmatched.bill.length > 0)
    printLine(`models only on the bill: ${unmatched.bill.map(({ model }) => model).join(", ")}`);
  if (unmatched.log.length > 0)
    printLine(`models only in the log: ${unmatched.log.map(({ model }) => model).join(", ")}`);
  if (log.unpriced_requests > 0) printLine(`${log.unpriced_requests} logged requests have no known price`);
  if (log.assumed_requests > 0)
    printLine(
      `${log.assumed_requests} logged requests name no provider; taken for ${vendor.vendor}'s by their model`,
    );
  if (log.outside_bill.requests > 0)
    printLine(
      `${log.outside_bill.requests} logged requests (${usd(log.outside_bill.usd)}) are on days that the bill doesn't cover`,
    );
}

function size(cell: ReconcileVendor["cells"][number]): number {
  return Math.abs((cell.bill_usd ?? 0) - cell.log_usd);
}

const partTitles: Readonly<Record<string, string>> = {
  within_tolerance: "matched (within tolerance)",
  missing_in_log: "missing in the log",
  missing_in_bill: "missing in the bill",
  tokens: "token difference",
  price: "price difference",
  unpriced: "logged without a price",
  unsplit: "difference, bill without tokens",
  other_items: "items that are not tokens",
  partial_day: "partial day of the log",
  outside_log: "outside the log's days",
};

function checkUnexplained(result: ReconcileResult, limit: number | undefined): void {
  if (limit === undefined) return;
  for (const { vendor, unexplained_share: share } of result.vendors) {
    if (share === null)
      throw new DataError(
        `the bill of ${vendor} has no dollars to compare, so --fail-over can't be judged; give its rate with --fx, or its cost export`,
      );
    if (share * 100 > limit)
      throw new DataError(
        `${percent(share, 2)} of the bill of ${vendor} is unexplained, more than --fail-over ${limit} %; the cells are in results/reconcile.json`,
      );
  }
}
