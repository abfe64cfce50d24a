import type { ConfounderReport, SliceReport } from "../../datasets/model-evidence.js";
import type { LabelDetails, ModelResult } from "../../datasets/results.js";
import { reliabilityChart } from "../charts/reliability.js";
import { type Block, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatCountOf, formatNumber, formatShare, formatUsd } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { dialTable } from "./dial-table.js";
import { estimateCell, estimateDetails, methodNotes } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** The trained router's card: what it learned from, how good it is, whether its probabilities mean what they say. */
export function modelSection({ model, label }: ReportDocuments): Section {
  return {
    id: "model",
    title: "The trained router",
    blocks: [
      ...(model
        ? cardBlocks(model)
        : [missingStage("No router has been trained yet.", "signalbox train --workspace DIR")]),
      ...(label ? labelBlocks(label) : []),
    ],
  };
}

function cardBlocks(model: ModelResult): Block[] {
  const { rows } = model;
  return [
    {
      kind: "figures",
      items: [
        {
          label: "Strong model",
          value: visibleText(model.strong_model),
          details: ["the reference for quality, and where doubt goes"],
        },
        {
          label: "Promise",
          value: formatShare(model.retention_target),
          details: ["of the strong model's quality, by a lower bound"],
        },
        {
          label: "Learned from",
          value: formatCountOf(rows.train, "row"),
          details: [
            `${formatCount(rows.calibration)} more to calibrate, ${formatCount(rows.threshold)} to choose thresholds`,
            model.label_sources.length > 0
              ? `labels: ${model.label_sources.map((source) => visibleText(source)).join(", ")}`
              : "no labels named",
          ],
        },
      ],
    },
    note(`Split: ${visibleText(model.split, 300)}.`),
    candidateTable(model),
    metricTable(model),
    ...chartBlocks(
      {
        id: "chart-reliability",
        title: "Do its probabilities mean what they say?",
        description:
          "Predicted chance that a cheaper model's answer is good enough, against how often it was, on rows that training and calibration never saw. On the dashed line they agree; larger points stand for more rows.",
        spec: reliabilityChart(model.reliability),
      },
      reliabilityTable(model),
      "There are no held-out rows to check the probabilities on.",
    ),
    ...(model.dial ? [dialTable(model.dial)] : []),
    ...(model.slices && model.slices.rows.length > 0 ? [sliceTable(model.slices)] : []),
    ...(model.confounders ? [confounderTable(model.confounders)] : []),
    ...model.notes.map((text) => note(visibleText(text, 400))),
  ];
}

function candidateTable({ candidates }: ModelResult): Table {
  return tableBlock({
    caption: "Models that it chooses from",
    rows: candidates,
    columns: [
      { title: "Model", cell: (row) => visibleText(row.model) },
      { title: "Mean quality", isNumber: true, cell: (row) => formatNumber(row.mean_quality) },
      {
        title: "Mean cost per request",
        isNumber: true,
        cell: (row) => ({ text: formatUsd(row.mean_cost_usd), detail: visibleText(row.cost_source, 120) }),
      },
      { title: "Status", cell: (row) => visibleText(row.status, 160) },
    ],
  });
}

function metricTable({ metrics }: ModelResult): Table {
  return tableBlock({
    caption: "How good it is on held-out rows",
    rows: Object.entries(metrics),
    columns: [
      { title: "Metric", cell: ([name]) => visibleText(name.replaceAll("_", " ")) },
      {
        title: "Value",
        isNumber: true,
        cell: ([, estimate]) => estimateCell(estimate, (value) => formatNumber(value)),
      },
      { title: "n", isNumber: true, cell: ([, estimate]) => formatCount(estimate.n) },
      { title: "Method", cell: ([, estimate]) => visibleText(estimate.method, 240) },
    ],
    notes: ["Small figures are 95 % intervals."],
    limit: 40,
  });
}

function sliceTable({ rows, worst, least_rows, least_sessions }: SliceReport): Table {
  const small = rows.filter(({ is_small }) => is_small);
  return tableBlock({
    caption: "How it does by slice of the held-out rows",
    rows: rows.filter(({ is_small }) => !is_small),
    columns: [
      { title: "Slice", cell: (row) => visibleText(`${row.dimension}: ${row.slice}`, 120) },
      { title: "Rows", isNumber: true, cell: (row) => formatCount(row.n) },
      { title: "Quality kept", isNumber: true, cell: (row) => estimateCell(row.retention, formatShare) },
      { title: "Strong model", isNumber: true, cell: (row) => estimateCell(row.strong_share, formatShare) },
      { title: "Saving", isNumber: true, cell: (row) => estimateCell(row.saving, formatShare) },
    ],
    notes: [
      ...(worst
        ? [
            `Worst of ${formatCount(worst.of)}: ${visibleText(`${worst.dimension} ${worst.slice}`, 120)}, ` +
              `${formatShare(worst.retention.value)} of quality kept (${estimateDetails(worst.retention, formatShare)[0]}, for all slices at once).`,
          ]
        : []),
      ...(small.length > 0
        ? [
            `${formatCountOf(small.length, "slice")} under ${formatCount(least_rows)} rows or ${formatCount(least_sessions)} sessions, too small to judge.`,
          ]
        : []),
    ],
  });
}

function confounderTable({ families, requests, is_seen_in_training }: ConfounderReport): Table {
  return tableBlock({
    caption: "How often a change of wording changes the decision",
    rows: families,
    columns: [
      { title: "Change", cell: (row) => visibleText(row.about, 120) },
      {
        title: "To a cheaper model",
        isNumber: true,
        cell: (row) => estimateCell(row.to_cheaper, formatShare),
      },
      { title: "Budget", isNumber: true, cell: (row) => formatShare(row.budget) },
      { title: "To a dearer model", isNumber: true, cell: (row) => estimateCell(row.to_dearer, formatShare) },
      { title: "Gate", cell: (row) => visibleText(row.status.replace("_", " ")) },
    ],
    notes: [
      `${formatCountOf(requests, "request")} were changed and decided again${is_seen_in_training ? "; the model was fitted to them" : ""}. Each share is of the requests that could move that way.`,
      "The question stays the same, so a move to a cheaper model is harm, and a move to a dearer one is cost.",
    ],
  });
}

function reliabilityTable({ reliability }: ModelResult): Table {
  return tableBlock({
    caption: "Predicted and observed, by bin",
    rows: reliability.flatMap(({ model, bins }) => bins.map((bin) => ({ model, ...bin }))),
    columns: [
      { title: "Model", cell: (row) => visibleText(row.model) },
      { title: "Predicted", isNumber: true, cell: (row) => formatShare(row.predicted) },
      { title: "Observed", isNumber: true, cell: (row) => formatShare(row.observed) },
      { title: "Rows", isNumber: true, cell: (row) => formatCount(row.n) },
    ],
    limit: 60,
  });
}

function labelBlocks(label: NonNullable<ReportDocuments["label"]>): Block[] {
  const judges = label.judges.map((judge) => visibleText(judge)).join(", ") || "no judge named";
  return [
    { kind: "heading", text: "What the judges said" },
    {
      kind: "paragraph",
      text: `${formatCountOf(label.items, "request")} judged by ${judges}${label.is_simulated ? " (simulated)" : ""}. Judging cost ${formatUsd(label.cost_usd)}.`,
    },
    tableBlock({
      caption: "Verdicts",
      rows: label.verdicts,
      columns: [
        { title: "Question", cell: (row) => visibleText(row.kind) },
        { title: "Verdict", cell: (row) => visibleText(row.verdict) },
        { title: "Judge calls", isNumber: true, cell: (row) => formatCount(row.count) },
      ],
    }),
    ...(label.pairs && label.pairs.length > 0 ? [pairTable(label.pairs)] : []),
    ...(label.position_flip_rate ? [flipNote(label.position_flip_rate)] : []),
    ...(label.exact_checks && label.exact_checks.length > 0 ? [exactNote(label.exact_checks)] : []),
    ...(label.canaries && label.canaries.length > 0 ? [canaryTable(label.canaries)] : []),
    ...(label.failures && label.failures.length > 0 ? [failureTable(label.failures)] : []),
    ...label.notes.map((text) => note(visibleText(text, 400))),
  ];
}

function pairTable(pairs: LabelDetails["pairs"]): Table {
  return tableBlock({
    caption: "Is the cheaper answer good enough?",
    rows: pairs,
    columns: [
      { title: "Model", cell: (row) => visibleText(row.candidate) },
      { title: "Good enough", isNumber: true, cell: (row) => formatCount(row.sufficient) },
      { title: "Not good enough", isNumber: true, cell: (row) => formatCount(row.insufficient) },
      { title: "Depends on the order", isNumber: true, cell: (row) => formatCount(row.tie) },
      { title: "Can't tell", isNumber: true, cell: (row) => formatCount(row.cannot_tell) },
      {
        title: "Share good enough",
        isNumber: true,
        cell: (row) => estimateCell(row.sufficient_share, formatShare),
      },
    ],
    notes: [
      "Each pair of answers is judged twice, in both orders. The share is of all requests, not of the sample; a verdict that depends on the order counts half.",
      ...methodNotes(pairs.map((row) => row.sufficient_share)),
    ],
  });
}

function flipNote(rate: NonNullable<LabelDetails["position_flip_rate"]>): Block {
  return note(
    `The judge changed its verdict with the order of the answers in ${formatShare(rate.value)} of pairs (${estimateDetails(rate, formatShare).join(", ")}).`,
  );
}

function exactNote(checks: LabelDetails["exact_checks"]): Block {
  const pairs = checks.reduce((sum, { sufficient, insufficient }) => sum + sufficient + insufficient, 0);
  const names = checks.map(({ check }) => visibleText(check)).join(", ");
  return note(`A fact settled ${formatCountOf(pairs, "pair")} without asking the judge (${names}).`);
}

function canaryTable(canaries: LabelDetails["canaries"]): Table {
  return tableBlock({
    caption: "Planted answers: does the judge see what is wrong?",
    rows: canaries,
    columns: [
      { title: "Planted", cell: (row) => visibleText(row.canary) },
      { title: "Right verdict", cell: (row) => visibleText(row.expected) },
      { title: "Judge calls", isNumber: true, cell: (row) => formatCount(row.calls) },
      { title: "Judged right", isNumber: true, cell: (row) => estimateCell(row.pass_rate, formatShare) },
    ],
    notes: methodNotes(canaries.map((row) => row.pass_rate)),
  });
}

function failureTable(failures: LabelDetails["failures"]): Table {
  return tableBlock({
    caption: "Judge calls without a usable answer",
    rows: failures,
    columns: [
      { title: "Question", cell: (row) => visibleText(row.kind) },
      { title: "Reason", cell: (row) => visibleText(row.reason, 160) },
      { title: "Judge calls", isNumber: true, cell: (row) => formatCount(row.calls) },
    ],
  });
}
