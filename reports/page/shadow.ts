import type { ShadowResult } from "../../datasets/results.js";
import { shadowMixChart } from "../charts/shadow-mix.js";
import { type Block, type Notice, note, type Section } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCount, formatNumber, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { estimateDetails } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { responseBlocks } from "./shadow/response.js";
import { tableBlock } from "./table-block.js";

/** What a response shadow proves, and what the router decided while its decisions were only logged. */
export function shadowSection({ shadow }: ReportDocuments): Section {
  return {
    id: "shadow",
    title: "Shadow test",
    blocks: shadow
      ? blocksOf(shadow)
      : [
          missingStage(
            "The router has not been tried in shadow yet.",
            "signalbox shadow analyze --log FILE --pairs FILE --workspace DIR",
          ),
        ],
  };
}

function blocksOf(shadow: ShadowResult): Block[] {
  const hasLog = shadow.decisions > 0 || shadow.malformed > 0 || !shadow.response;
  return [
    ...(shadow.response ? responseBlocks(shadow.response) : []),
    ...(hasLog ? decisionBlocks(shadow) : []),
  ];
}

function decisionBlocks(shadow: ShadowResult): Block[] {
  return [
    ...(shadow.response ? [{ kind: "heading" as const, text: "Logged decisions" }] : []),
    sampleNotice(shadow),
    { kind: "figures", items: figures(shadow) },
    ...chartBlocks(
      {
        id: "chart-shadow-mix",
        title: "Which models it would have chosen",
        description: `Share of ${formatCount(shadow.decisions)} logged decisions by model.`,
        spec: shadowMixChart(shadow.mix),
      },
      tableBlock({
        caption: "Decisions by model",
        rows: shadow.mix,
        columns: [
          { title: "Model", cell: (row) => visibleText(row.model) },
          { title: "Decisions", isNumber: true, cell: (row) => formatCount(row.decisions) },
          { title: "Share", isNumber: true, cell: (row) => formatShare(row.share) },
        ],
      }),
      "The log holds no decisions, so there is nothing to draw.",
    ),
    tableBlock({
      caption: "Reasons that the router gave",
      rows: shadow.reasons,
      columns: [
        { title: "Reason", cell: (row) => visibleText(row.reason) },
        { title: "Decisions", isNumber: true, cell: (row) => formatCount(row.count) },
      ],
    }),
    note(`Routers in the log: ${shadow.artifacts.map((id) => visibleText(id)).join(", ") || "not named"}.`),
    ...shadow.notes.map((text) => note(visibleText(text, 400))),
  ];
}

function sampleNotice({ sample }: ShadowResult): Notice {
  const text = `${formatCount(sample.observed)} decisions were sampled where ${formatCount(sample.expected)} were expected at a rate of ${formatShare(sample.rate)} (p = ${formatNumber(sample.p_value)}).`;
  switch (sample.verdict) {
    case "ok":
      return { kind: "notice", tone: "good", title: "The sample has the size that was planned", text };
    case "warn":
      return {
        kind: "notice",
        tone: "caution",
        title: "The sample's size is unusual",
        text: `${text} Look for calls that were lost or logged twice.`,
      };
    default:
      return {
        kind: "notice",
        tone: "bad",
        title: "The sample doesn't match its plan",
        text: `${text} Calls were lost, logged twice or filtered; don't rely on this test until it is explained.`,
      };
  }
}

function figures({ decisions, unmatched, malformed, agreement, cost_delta_usd, latency_us }: ShadowResult) {
  return [
    {
      label: "Decisions",
      value: formatCount(decisions),
      details: [`${formatCount(unmatched)} without a logged call, ${formatCount(malformed)} unreadable`],
    },
    {
      label: "Agrees with the model that served",
      value: formatShare(agreement?.value),
      details: agreement ? estimateDetails(agreement, formatShare) : [],
    },
    {
      label: "Cost difference (negative: cheaper)",
      value: formatUsd(cost_delta_usd?.value),
      details: cost_delta_usd ? estimateDetails(cost_delta_usd, formatUsd) : [],
    },
    {
      label: "Time to decide",
      value: latency_us ? formatMicroseconds(latency_us.p50) : unknown,
      details: latency_us
        ? [
            `95 % within ${formatMicroseconds(latency_us.p95)}, 99 % within ${formatMicroseconds(latency_us.p99)}`,
          ]
        : [],
    },
  ];
}

function formatMicroseconds(us: number): string {
  return us < 1000 ? `${formatNumber(us, 0)} µs` : `${formatNumber(us / 1000, 2)} ms`;
}
