import type { Estimate } from "../../datasets/results.js";
import type { Block, Figure, Section, Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import {
  formatCount,
  formatCountOf,
  formatDay,
  formatInterval,
  formatMoney,
  formatShare,
  formatUsd,
  unknown,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { isSimulated } from "./caution-notices.js";
import { estimateDetails, evidenceBadge, evidenceOf, sentence } from "./estimate-text.js";
import { headlinePopulation, routerRow } from "./known-strategies.js";
import { missingStage } from "./missing-stage.js";
import { savingsCompared } from "./savings-compared.js";
import { tableBlock } from "./table-block.js";

/** The headline: what was billed, what the router would have cost, the saving, the quality kept, and what all this
 * rests on. */
export function summarySection(documents: ReportDocuments): Section {
  const { audit, simulate } = documents;
  const compared = savingsCompared(documents);
  return {
    id: "summary",
    title: "Summary",
    blocks: [
      ...verdict(documents),
      { kind: "figures", items: headline(documents) },
      ...(audit ? [] : [missingStage("What was spent is not known yet.", "signalbox audit --workspace DIR")]),
      ...(simulate
        ? [...(compared === null ? [] : [compared]), restsOn(documents)]
        : [missingStage("What a router would save is not known yet.", "signalbox simulate --workspace DIR")]),
    ],
  };
}

function verdict({ audit, simulate }: ReportDocuments): Block[] {
  const population = headlinePopulation(simulate);
  if (!population) return [];
  const { kind, n, router, baseline } = population;
  const rows =
    kind === "traffic"
      ? `the ${formatCountOf(n, "logged call")} that the router could decide${audit ? ` (of ${formatCount(audit.requests)})` : ""}`
      : `${formatCountOf(n, "held-out item")} with known outcomes`;
  const costs = formatUsd(baseline.usd.value);
  const compared =
    baseline.strategy === "billed" ? `${costs} was billed` : `${visibleText(baseline.label)} costs ${costs}`;
  return [
    {
      kind: "paragraph",
      text: [
        `On ${rows}, the trained router would have cost ${formatUsd(router.usd.value)} where ${compared}: `,
        { strong: savingWords(router.saving) },
        shareOfBill(simulate?.traffic?.saving_of_bill),
      ],
    },
  ];
}

/** What the saving is of the whole bill; the calls that the router can't decide stay as they are. */
function shareOfBill(share: number | null | undefined): string {
  return share === null || share === undefined
    ? "."
    : `. Of everything billed in the log that is ${formatShare(share)}.`;
}

/** A saving in words that don't claim more than its interval: "51.3 % less (48.2 % to 54.0 %)". */
function savingWords(saving: Estimate | null): string {
  if (saving === null) return "the saving is unknown";
  const interval = formatInterval(saving, formatShare);
  const range = interval === null ? "" : ` (95 % interval of the saving: ${interval})`;
  if (saving.low <= 0 && saving.high >= 0) return `no saving is shown, the interval includes zero${range}`;
  return saving.value > 0
    ? `${formatShare(saving.value)} less${range}`
    : `${formatShare(-saving.value)} more, not less${range}`;
}

function headline(documents: ReportDocuments): Figure[] {
  const population = headlinePopulation(documents.simulate);
  const quality = qualityKept(documents);
  return [
    billedFigure(documents),
    {
      label: "With the trained router",
      value: population ? formatUsd(population.router.usd.value) : unknown,
      details: population
        ? [
            `instead of ${formatUsd(population.baseline.usd.value)} on the same ${formatCount(population.n)} ${population.kind === "traffic" ? "calls" : "items"}`,
            ...estimateDetails(population.router.usd, formatUsd),
          ]
        : [],
    },
    {
      label:
        population?.router.saving && population.router.saving.value < 0
          ? "Saving (negative: it costs more)"
          : "Saving, on those calls",
      value: formatShare(population?.router.saving?.value),
      details: population?.router.saving ? estimateDetails(population.router.saving, formatShare) : [],
      isHeadline: true,
    },
    {
      label: "Quality kept, against always the strong model",
      value: formatShare(quality?.estimate.value),
      details: quality
        ? [
            ...estimateDetails(
              quality.estimate,
              formatShare,
              isSimulated(documents) ? "simulated" : undefined,
            ),
            quality.where,
          ]
        : [],
      isHeadline: true,
    },
  ];
}

function billedFigure({ audit }: ReportDocuments): Figure {
  if (!audit) return { label: "Billed", value: unknown, details: [] };
  const { billed, reported } = audit;
  return {
    label: "Billed",
    value: formatMoney(billed),
    details: [
      `${formatCountOf(audit.requests, "call")}, ${formatDay(audit.from)} to ${formatDay(audit.to)}`,
      ...(billed.unpriced_requests > 0
        ? [`${formatCountOf(billed.unpriced_requests, "call")} unpriced, not in the sum`]
        : []),
      `${formatCount(reported.priced_requests)} with a cost in the log; the others at list price where it is known`,
    ],
  };
}

/** Quality that the router keeps: measured on held-out outcomes where there are any, else the router's own estimate. */
function qualityKept(documents: ReportDocuments): { estimate: Estimate; where: string } | null {
  const { outcomes, traffic } = documents.simulate ?? {};
  const measured = outcomes && routerRow(outcomes.strategies)?.retention;
  if (measured) {
    return {
      estimate: measured,
      where: isSimulated(documents)
        ? "on held-out items, by a simulated judge"
        : "on held-out items with known outcomes",
    };
  }
  const modelled = traffic && routerRow(traffic.strategies)?.retention;
  return modelled ? { estimate: modelled, where: "the router's own estimate on the logged calls" } : null;
}

interface Basis {
  figure: string;
  estimate: Estimate;
  evidence?: string;
}

function restsOn(documents: ReportDocuments): Table {
  const population = headlinePopulation(documents.simulate);
  const quality = qualityKept(documents);
  const rows: Basis[] = [];
  if (population) {
    rows.push({
      figure: `Cost without the router: ${visibleText(population.baseline.label)}`,
      estimate: population.baseline.usd,
    });
    rows.push({ figure: "Cost with the trained router", estimate: population.router.usd });
    if (population.router.saving) rows.push({ figure: "Saving", estimate: population.router.saving });
  }
  if (quality)
    rows.push({
      figure: "Quality kept",
      estimate: quality.estimate,
      evidence: isSimulated(documents) ? "simulated" : undefined,
    });
  return tableBlock({
    caption: "What these numbers rest on",
    rows,
    columns: [
      {
        title: "Figure",
        cell: ({ figure, estimate }) => ({ text: figure, detail: sentence(estimate.method) }),
      },
      {
        title: "Evidence",
        cell: ({ estimate, evidence }) =>
          evidence
            ? { text: "", badge: { text: evidence, tone: "caution" } }
            : { text: "", badge: evidenceBadge(evidenceOf(estimate)) },
      },
      { title: "n", isNumber: true, cell: ({ estimate }) => formatCount(estimate.n) },
    ],
    notes: [
      "Measured: taken from the data. Matched: from similar rows. Modelled: computed under stated assumptions. Simulated: from a stand-in for a judge, not evidence about real answers.",
    ],
  });
}
