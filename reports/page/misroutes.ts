import type { MisrouteFigures, MisroutesResult } from "../../datasets/misroutes-result.js";
import type { Estimate } from "../../datasets/results.js";
import { misrouteSharesChart } from "../charts/misroute-shares.js";
import { type Block, type Figure, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { attemptCoverageTable } from "./attempt-coverage.js";
import { chartBlocks } from "./chart-blocks.js";
import { coverageNote } from "./coverage-note.js";
import { estimateCell, estimateDetails, methodNotes } from "./estimate-text.js";
import { misrouteClaimTable } from "./misroute-claim.js";
import { misrouteGroupTable, worstMisroutesTable } from "./misroute-tables.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** Which calls went to a dearer model than needed, which to one too weak, and what both cost. */
export function misroutesSection({ misroutes }: ReportDocuments): Section {
  return {
    id: "misroutes",
    title: "Which calls went to the wrong model",
    blocks: misroutes
      ? blocksOf(misroutes)
      : [
          missingStage(
            "Nobody has looked for calls on the wrong model yet.",
            "signalbox simulate --workspace DIR",
          ),
        ],
  };
}

function blocksOf(result: MisroutesResult): Block[] {
  const { quoted, labels, notes, coverage } = result;
  if (quoted === null) {
    return [
      {
        kind: "paragraph",
        text: "No call could be judged: none was replayed, or no model has a sufficiency.",
      },
      attemptCoverageTable(coverage),
    ];
  }
  return [
    {
      kind: "paragraph",
      text: "A call is on the right model if no cheaper one would have given a good enough answer. Where a cheaper one would have, the call is overkill; where only a dearer one would have, it is underpowered.",
    },
    ...judgeNotice(labels),
    { kind: "figures", items: headlines(quoted) },
    ...chartBlocks(
      {
        id: "chart-misroutes",
        title: "Calls by whether their model was right",
        description: `Shares of ${formatCountOf(quoted.attempts, "call")}, and of groups of them, that a cheaper model would have answered well enough, or only a dearer one.`,
        spec: misrouteSharesChart(result),
      },
      misrouteGroupTable(result.by),
      "There is nothing to draw.",
    ),
    viewsTable(result),
    worstMisroutesTable(result.worst),
    misrouteClaimTable(result.claim, quoted),
    coverageNote(coverage),
    note(visibleText(labels.note, 500)),
    ...notes.map((text) => note(visibleText(text, 500))),
  ];
}

function judgeNotice({ is_judged, is_corrected, labelled }: MisroutesResult["labels"]): Block[] {
  if (!is_judged || is_corrected || labelled === 0) return [];
  return [
    {
      kind: "notice",
      tone: "caution",
      title: "Uncorrected: no human ratings",
      text: [
        "The labels are a judge's verdicts, and nobody has checked how often it errs; the shares below repeat its errors. Have some rated: ",
        { code: "signalbox label sheet --workspace DIR" },
      ],
    },
  ];
}

function headlines(quoted: MisrouteFigures): Figure[] {
  const detailsOf = (estimate: Estimate, format: (value: number) => string) =>
    estimateDetails(estimate, format, quoted.evidence);
  return [
    {
      label: "Calls on the wrong model",
      value: formatShare(quoted.wrong.value),
      details: detailsOf(quoted.wrong, formatShare),
      isHeadline: true,
    },
    {
      label: "Overpaid for overkill",
      value: formatUsd(quoted.overpaid_usd.value),
      details: [...detailsOf(quoted.overpaid_usd, formatUsd), `of ${formatUsd(quoted.billed_usd)} billed`],
    },
    {
      label: "Billed for answers not good enough",
      value: formatUsd(quoted.at_risk_usd.value),
      details: [
        ...detailsOf(quoted.at_risk_usd, formatUsd),
        `${formatUsd(quoted.repair_usd.value)} more to repair`,
      ],
    },
  ];
}

const kinds: ReadonlyArray<{
  kind: string;
  read: (view: MisrouteFigures) => Estimate | null;
  format: (value: number) => string;
}> = [
  { kind: "Overkill", read: (view) => view.overkill, format: formatShare },
  { kind: "Right-sized", read: (view) => view.right_sized, format: formatShare },
  { kind: "Underpowered", read: (view) => view.underpowered, format: formatShare },
  { kind: "No model sufficient", read: (view) => view.none_sufficient, format: formatShare },
  { kind: "Overpaid for overkill", read: (view) => view.overpaid_usd, format: formatUsd },
  { kind: "Billed for answers not good enough", read: (view) => view.at_risk_usd, format: formatUsd },
  { kind: "More to repair underpowered calls", read: (view) => view.repair_usd, format: formatUsd },
];

/** What is measured beside what is modelled. */
function viewsTable({ quoted, measured, modelled }: MisroutesResult): Table {
  const views = [quoted, measured, modelled].filter(
    (view, place, all): view is MisrouteFigures =>
      view !== null && all.findIndex((other) => other?.evidence === view.evidence) === place,
  );
  return tableBlock({
    caption: "Measured and modelled",
    rows: kinds,
    columns: [
      { title: "Calls", cell: ({ kind }) => kind },
      ...views.map((view) => ({
        title: `${view.evidence}: ${formatCount(view.attempts)} calls${view.labelled > 0 ? `, ${formatCount(view.labelled)} labels` : ""}`,
        isNumber: true,
        cell: ({ read, format }: (typeof kinds)[number]) => estimateCell(read(view), format, "not measured"),
      })),
    ],
    notes: [
      "The measured column speaks of the calls of those models that have labels.",
      ...methodNotes(views.map((view) => view.overkill)),
    ],
  });
}
