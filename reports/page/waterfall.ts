import type { LeverRow, LeversResult } from "../../datasets/levers-result.js";
import { waterfallChart } from "../charts/waterfall.js";
import { type Block, type Notice, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { coverageNote } from "./coverage-note.js";
import { estimateCell, estimateDetails, evidenceBadge, methodNotes } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** What all levers together would have saved, step by step from the bill, and each of them alone. */
export function waterfallSection({ levers }: ReportDocuments): Section {
  return {
    id: "waterfall",
    title: "Savings waterfall",
    blocks: levers
      ? blocksOf(levers)
      : [missingStage("Levers have not been combined yet.", "signalbox simulate --workspace DIR")],
  };
}

function blocksOf(levers: LeversResult): Block[] {
  const { billed_usd: billed, projected_usd: projected, saving } = levers;
  return [
    {
      kind: "paragraph",
      text: "Levers are pulled one after the other, each on what those before it left. Every call has one cost under any set of them, so the steps add up to the bill less the projection, and nothing is counted twice.",
    },
    ...(levers.is_simulated ? [simulated] : []),
    {
      kind: "figures",
      items: [
        {
          label: "Saved by all levers of the waterfall",
          value: formatUsd(saving.value),
          details: [
            `${formatShare(billed > 0 ? saving.value / billed : null)} of the bill of ${formatUsd(billed)}, ${formatUsd(projected)} remains`,
            ...estimateDetails(saving, formatUsd),
          ],
        },
      ],
    },
    ...chartBlocks(
      {
        id: "chart-waterfall",
        title: "From the bill to the projection",
        description: `Spend after each lever, from ${formatUsd(billed)} billed to ${formatUsd(projected)}. Green bars save, red bars add cost.`,
        spec: waterfallChart(levers),
      },
      { ...stepTable(levers), isFolded: false },
      "Nothing was billed, so there is no waterfall to draw.",
    ),
    leverTable(levers),
    ...(levers.overlaps.length > 0 ? [overlapTable(levers)] : []),
    coverageNote(levers.coverage),
    ...levers.notes.map((text) => note(visibleText(text, 400))),
  ];
}

const simulated: Notice = {
  kind: "notice",
  tone: "caution",
  title: "A simulated judge",
  text: "The evidence behind this router comes from a simulated judge: its choices, and so its step, say nothing about real answers.",
};

function stepTable({ billed_usd: billed, waterfall }: LeversResult): Table {
  return tableBlock({
    caption: "Steps of the waterfall",
    rows: waterfall,
    columns: [
      { title: "Step", cell: ({ label }) => visibleText(label) },
      { title: "Change of the spend", isNumber: true, cell: ({ change }) => estimateCell(change, formatUsd) },
      {
        title: "Of the bill",
        isNumber: true,
        cell: ({ change }) => formatShare(billed > 0 ? change.value / billed : null),
      },
      { title: "Spend after it", isNumber: true, cell: (row) => formatUsd(row.after_usd) },
      { title: "Evidence", cell: (row) => ({ text: "", badge: evidenceBadge(row.evidence) }) },
    ],
    notes: [
      "The router takes three steps: other models at their prices with the prompt cache kept; the cache that a change of model loses in truth; its own cost.",
      ...methodNotes(waterfall.map(({ change }) => change)),
    ],
  });
}

function leverTable({ billed_usd: billed, levers }: LeversResult): Table {
  return tableBlock({
    caption: "Each lever alone",
    rows: levers,
    columns: [
      {
        title: "Lever",
        cell: (row) => ({ text: visibleText(row.label), detail: visibleText(row.note, 400) }),
      },
      { title: "Saves alone", isNumber: true, cell: (row) => estimateCell(row.alone, formatUsd) },
      { title: "Calls changed", isNumber: true, cell: (row) => formatCount(row.requests) },
      {
        title: "Known for",
        isNumber: true,
        cell: ({ coverage }) => ({
          text: `${formatShare(billed > 0 ? coverage.usd / billed : null)} of the bill`,
          detail: `${formatCount(coverage.requests)} calls`,
        }),
      },
      { title: "In the waterfall", cell: (row) => (row.is_combined ? "yes" : "no") },
      { title: "Evidence", cell: evidenceCell },
    ],
    notes: [
      "A lever is worked out for the calls that it is known for; of the others nothing is claimed. An upper bound says how much there is to look at.",
    ],
  });
}

function evidenceCell({ evidence, is_upper_bound: isUpperBound }: LeverRow) {
  return { text: "", badge: evidenceBadge(evidence), ...(isUpperBound && { detail: "upper bound" }) };
}

function overlapTable({ overlaps, levers }: LeversResult): Table {
  const label = (name: string) => visibleText(levers.find(({ lever }) => lever === name)?.label ?? name);
  return tableBlock({
    caption: "Pairs of levers",
    rows: overlaps,
    columns: [
      { title: "Levers", cell: ({ levers: [a, b] }) => `${label(a)} and ${label(b)}` },
      { title: "Save together", isNumber: true, cell: (row) => formatUsd(row.together_usd) },
      { title: "Overlap", isNumber: true, cell: (row) => formatUsd(row.overlap_usd) },
    ],
    notes: [
      "The overlap is how much less both save than the sum of each alone; below zero, one makes the other worth more.",
    ],
    isFolded: true,
  });
}
