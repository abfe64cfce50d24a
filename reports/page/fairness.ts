import {
  type FairnessFigures,
  type FairnessResult,
  type FairnessSlice,
  FairnessStatus,
} from "../../datasets/fairness-result.js";
import { fairnessGapsChart } from "../charts/fairness-gaps.js";
import { type Badge, type Block, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatNumber, formatShare } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { attemptCoverageTable } from "./attempt-coverage.js";
import { chartBlocks } from "./chart-blocks.js";
import { coverageNote } from "./coverage-note.js";
import { estimateCell } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** Which users, tenants and kinds of calls would get weaker models, and at whose expense the saving is. */
export function fairnessSection({ fairness }: ReportDocuments): Section {
  return {
    id: "fairness",
    title: "Who carries the change",
    blocks: fairness
      ? blocksOf(fairness)
      : [
          missingStage(
            "Slices of the traffic have not been compared yet.",
            "signalbox simulate --workspace DIR",
          ),
        ],
  };
}

function blocksOf(result: FairnessResult): Block[] {
  const { everyone, slices, margin } = result;
  if (everyone === null) {
    return [
      {
        kind: "paragraph",
        text: "Nothing could be compared: no call was replayed, or no model has a sufficiency.",
      },
      attemptCoverageTable(result.coverage),
    ];
  }
  return [
    {
      kind: "paragraph",
      text: `With the router ${formatShare(everyone.weaker_share)} of the calls go to a weaker model than the one that answered, and ${formatShare(everyone.retention.value)} of the strong model's quality is kept. A slice is behind when it surely keeps less than everyone by more than ${formatShare(margin)}.`,
    },
    verdict(result),
    ...chartBlocks(
      {
        id: "chart-fairness",
        title: "Quality kept by slice, beside everyone's",
        description: `Quality kept in each of ${formatCountOf(result.compared, "slice")} less that of all calls, the worst first; bars hold for all slices at once, the dashed line is the margin.`,
        spec: fairnessGapsChart(slices, margin),
      },
      { ...sliceTable(result, everyone), isFolded: false },
      "No slice is large enough for an interval.",
    ),
    coverageNote(result.coverage),
    note(visibleText(result.labels_note, 500)),
    ...result.notes.map((text) => note(visibleText(text, 500))),
  ];
}

function verdict({ slices, compared, margin }: FairnessResult): Block {
  const behind = slices.filter(({ status }) => status === FairnessStatus.behind);
  const unsure = slices.filter(({ status }) => status === FairnessStatus.unsure).length;
  if (behind.length === 0) {
    return {
      kind: "notice",
      tone: unsure > 0 || compared === 0 ? "neutral" : "good",
      title: compared === 0 ? "No slice is large enough to judge" : "No slice is surely behind",
      text:
        unsure > 0
          ? `For ${formatCount(unsure)} of ${formatCountOf(compared, "slice")} the data can't exclude that it is: more sessions, or labels, would tell.`
          : `${formatCountOf(compared, "slice")} were compared.`,
    };
  }
  const names = behind.map(({ dimension, slice }) => `${dimension} ${visibleText(slice)}`);
  return {
    kind: "notice",
    tone: "bad",
    title: `${formatCountOf(behind.length, "slice")} of ${formatCount(compared)} would be worse off`,
    text: `${names.slice(0, 5).join("; ")}${names.length > 5 ? " and others" : ""}: below everyone by more than ${formatShare(margin)}. Raise the threshold there, or keep them on the strong model by a rule.`,
  };
}

type Row = FairnessFigures & Partial<FairnessSlice> & { name: string };

function sliceTable({ slices, method }: FairnessResult, everyone: FairnessFigures): Table {
  const rows: Row[] = [
    { ...everyone, name: "everyone", share_of_attempts: 1, share_of_loss: 1, share_of_saving: 1 },
    ...slices.map((slice) => ({ ...slice, name: `${slice.dimension}: ${visibleText(slice.slice)}` })),
  ];
  return tableBlock<Row>({
    caption: "Slices of the traffic",
    rows,
    limit: 60,
    columns: [
      {
        title: "Slice",
        cell: ({ name, evidence, status }) => ({
          text: name,
          detail: `quality ${evidence}`,
          ...(status === undefined ? {} : { badge: badges[status] }),
        }),
      },
      {
        title: "Calls",
        isNumber: true,
        cell: ({ attempts, sessions }) => ({
          text: formatCount(attempts),
          detail: formatCountOf(sessions, "session"),
        }),
      },
      { title: "To a weaker model", isNumber: true, cell: (row) => formatShare(row.weaker_share) },
      {
        title: "Quality kept",
        isNumber: true,
        cell: ({ retention }) => estimateCell(retention, formatShare),
      },
      {
        title: "Beside everyone",
        isNumber: true,
        cell: ({ gap }) => (gap === undefined ? "" : estimateCell(gap, formatShare, "too few")),
      },
      { title: "Saving", isNumber: true, cell: ({ saving }) => estimateCell(saving, formatShare) },
      {
        title: "Latency",
        isNumber: true,
        cell: (row) => estimateCell(row.latency_change_ms, (ms) => `${formatNumber(ms, 0)} ms`),
      },
      {
        title: "Of all loss",
        isNumber: true,
        cell: (row) => ({
          text: formatShare(row.share_of_loss),
          detail: `${formatShare(row.share_of_saving)} of saving`,
        }),
      },
    ],
    notes: [visibleText(method, 400)],
  });
}

const badges: Readonly<Record<FairnessStatus, Badge>> = {
  behind: { text: "behind", tone: "bad" },
  unsure: { text: "unsure", tone: "neutral" },
  ok: { text: "within", tone: "good" },
  too_few: { text: "too few", tone: "caution" },
};
