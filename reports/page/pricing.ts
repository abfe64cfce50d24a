import type { PriceBreakEven, PricedPlan, PricingResult } from "../../datasets/pricing-result.js";
import { payersByDecileChart } from "../charts/payers-by-decile.js";
import { type Block, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatDay, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { estimateCell, evidenceBadge, methodNotes } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** What the traffic would cost under other prices, and for whom; null while nobody has asked. */
export function pricingSection({ pricing }: ReportDocuments): Section | null {
  return pricing && { id: "pricing", title: "Other prices", blocks: blocksOf(pricing) };
}

function blocksOf(pricing: PricingResult): Block[] {
  const { window, traffic, priced } = pricing;
  return [
    {
      kind: "paragraph",
      text: `${formatCountOf(traffic.requests, "logged request")} from ${formatDay(window.from)} to ${formatDay(window.to)}, scaled to a month of ${window.month_days.toFixed(1)} days: ${formatCount(Math.round(traffic.calls_per_month))} calls. The same calls at other prices; nobody is taken to call more or less because of them.`,
    },
    planTable(pricing),
    ...chartBlocks(
      {
        id: "chart-payers-by-decile",
        title: "Who pays more, who less",
        description: `Change of what each group of payers (${visibleText(traffic.payer_field)}) pays under a plan, from those who pay least now to those who pay most. At most four plans are drawn, those nearest to the bill.`,
        spec: payersByDecileChart(priced),
      },
      decileTable(priced),
      "The log names no payer, so who pays more is not known.",
    ),
    ...breakEvenBlocks(pricing.break_evens),
    coverageTable(pricing),
    ...pricing.notes.map((text) => note(visibleText(text, 400))),
  ];
}

type PlanLine = Pick<PricedPlan, "usd_per_month" | "usd_per_call" | "usd_per_success"> &
  Partial<Pick<PricedPlan, "plan" | "terms" | "change" | "unserved_calls" | "incidence">>;

function planTable({ now, priced }: PricingResult): Table {
  const rows: PlanLine[] = [{ ...now, incidence: null }, ...priced];
  return tableBlock({
    caption: "A month under each plan",
    rows,
    columns: [
      {
        title: "Plan",
        cell: ({ plan, terms }) =>
          plan === undefined
            ? "As billed now"
            : { text: visibleText(plan), detail: visibleText(terms ?? "", 300) },
      },
      { title: "A month", isNumber: true, cell: (row) => estimateCell(row.usd_per_month, formatUsd) },
      {
        title: "Against now",
        isNumber: true,
        cell: ({ plan, change }) => (plan === undefined ? "" : estimateCell(change ?? null, formatShare)),
      },
      { title: "A call", isNumber: true, cell: (row) => estimateCell(row.usd_per_call, formatUsd) },
      {
        title: "An answered request",
        isNumber: true,
        cell: (row) => estimateCell(row.usd_per_success, formatUsd),
      },
      {
        title: "Pay more / less",
        isNumber: true,
        cell: ({ plan, incidence }) =>
          plan === undefined
            ? ""
            : incidence
              ? `${formatCount(incidence.pay_more)} / ${formatCount(incidence.pay_less)}`
              : unknown,
      },
      {
        title: "Calls not served",
        isNumber: true,
        cell: ({ plan, unserved_calls: calls }) =>
          plan === undefined ? "" : formatCount(Math.round(calls ?? 0)),
      },
    ],
    notes: methodNotes(priced.map(({ usd_per_month: usd }) => usd)),
  });
}

function decileTable(priced: readonly PricedPlan[]): Table {
  const rows = priced.flatMap(({ plan, incidence }) =>
    (incidence?.deciles ?? []).map((group, i) => ({ plan, place: i + 1, ...group })),
  );
  return tableBlock({
    caption: "Payers from least to most",
    rows,
    columns: [
      { title: "Plan", cell: ({ plan }) => visibleText(plan) },
      { title: "Group", isNumber: true, cell: ({ place }) => formatCount(place) },
      { title: "Payers", isNumber: true, cell: ({ payers }) => formatCount(payers) },
      { title: "Pay now", isNumber: true, cell: (row) => formatUsd(row.now_usd) },
      { title: "Pay then", isNumber: true, cell: (row) => formatUsd(row.plan_usd) },
      { title: "Change", isNumber: true, cell: ({ change }) => formatShare(change) },
      {
        title: "More / less",
        isNumber: true,
        cell: (row) => `${formatCount(row.pay_more)} / ${formatCount(row.pay_less)}`,
      },
    ],
    limit: 60,
  });
}

/** Name of the bill among the plans. */
const billed = "as billed";
/** Longer calls than any model reads: such a length is none. */
const longestCall = 1e7;

function breakEvenBlocks(all: readonly PriceBreakEven[]): Block[] {
  const rows = all.filter(({ first, second }) => first === billed || second === billed);
  if (rows.length === 0) return [];
  const others = all.length - rows.length;
  const table = tableBlock({
    caption: "Where a plan costs what is billed",
    rows,
    columns: [
      {
        title: "Prices",
        cell: ({ first, second }) => `${visibleText(first, 40)} and ${visibleText(second, 40)}`,
      },
      {
        title: "Tokens a call",
        isNumber: true,
        cell: ({ tokens_per_call: tokens }) =>
          tokens?.own_mix == null || tokens.own_mix > longestCall
            ? "no such length"
            : {
                text: formatCount(Math.round(tokens.own_mix)),
                detail: `${visibleText(tokens.cheaper_above, 40)} is cheaper above`,
              },
      },
      {
        title: "Calls a month",
        cell: ({ volume }) => (volume === null ? unknown : visibleText(volume.says, 200)),
      },
    ],
    notes: others > 0 ? [`${formatCountOf(others, "more pair")} of plans: see the JSON document.`] : [],
  });
  return [table];
}

function coverageTable({ coverage }: PricingResult): Table {
  return tableBlock({
    caption: "What these figures speak of",
    rows: coverage,
    columns: [
      { title: "Evidence", cell: ({ evidence }) => ({ text: "", badge: evidenceBadge(evidence) }) },
      { title: "Attempts", isNumber: true, cell: ({ requests }) => formatCount(requests) },
      {
        title: "Cost",
        isNumber: true,
        cell: ({ usd, evidence }) => (evidence === "unknown" ? unknown : formatUsd(usd)),
      },
      { title: "What", cell: ({ note: text }) => visibleText(text, 300) },
    ],
  });
}
