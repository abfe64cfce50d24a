import type { ResponseShadow } from "../../../datasets/shadow-result.js";
import { shadowBandChart } from "../../charts/shadow-band.js";
import { shadowSlicesChart } from "../../charts/shadow-slices.js";
import { type Block, type Notice, note, type Tone } from "../../content.js";
import {
  formatCount,
  formatDay,
  formatNumber,
  formatShare,
  formatUsd,
  unknown,
} from "../../format-numbers.js";
import { visibleText } from "../../visible-text.js";
import { chartBlocks } from "../chart-blocks.js";
import { estimateDetails } from "../estimate-text.js";
import { tableBlock } from "../table-block.js";
import { sampleBlocks } from "./sample.js";
import { costTable, guardrailTable, latencyTable, rowsTable, sensitivityTable } from "./tables.js";

/** What the pairs of a response shadow prove: the verdict first, then what it rests on. */
export function responseBlocks(response: ResponseShadow): Block[] {
  const { slices, design, looks } = response;
  return [
    verdictNotice(response),
    ...(response.is_simulated ? [simulatedNotice] : []),
    { kind: "figures", items: figures(response) },
    ...chartBlocks(
      {
        id: "chart-shadow-band",
        title: "Quality lost, at every look",
        description: `Mean quality of the baseline minus the candidate's at each look (${formatCount(looks.length)} so far). Bars hold the truth at all looks at once; the triangle is the one-sided upper end, which certifies in this picture when it is under the dashed margin of ${formatShare(design.judged_margin)}.`,
        spec: shadowBandChart(response),
      },
      looksTable(response),
      "Too few sessions for an interval yet.",
    ),
    note(visibleText(response.judge_error.note, 600)),
    sensitivityTable(response),
    guardrailTable(response),
    costTable(response),
    latencyTable(response),
    ...chartBlocks(
      {
        id: "chart-shadow-slices",
        title: "Who is given worse answers",
        description: `Difference by slice, the worst first${slices.worst ? `: ${visibleText(slices.worst)}` : ""}. Intervals hold for all slices and looks at once.`,
        spec: shadowSlicesChart(slices.rows, design.judged_margin),
      },
      slicesTable(response),
      slices.rows.length === 0 ? "The pairs name no slices." : "No slice has enough pairs for an interval.",
    ),
    rowsTable(response),
    ...sampleBlocks(response.sample_ratio, design.rate),
  ];
}

const tones: Readonly<Record<ResponseShadow["verdict"]["action"], { tone: Tone; title: string }>> = {
  certify: { tone: "good", title: "Certified: the candidate may answer" },
  continue: { tone: "neutral", title: "Go on: not decided yet" },
  stop: { tone: "bad", title: "Stop the test" },
};

function verdictNotice({ verdict, certified_at }: ResponseShadow): Notice {
  const { tone, title } = tones[verdict.action];
  const next = verdict.next_look;
  const more = next?.more_pairs ? ` About ${formatCount(next.more_pairs)} more judged pairs are needed.` : "";
  const isFragile = verdict.is_robust === false;
  return {
    kind: "notice",
    tone: isFragile ? "caution" : tone,
    title: isFragile ? `${title}, if failed calls don't count` : title,
    text: `${visibleText(verdict.text, 600)}${next ? ` Look again on ${formatDay(next.at)}.${more}` : ""} (${visibleText(verdict.reason)}${certified_at && verdict.action === "certify" ? `, ${formatDay(certified_at)}` : ""})`,
  };
}

const simulatedNotice: Notice = {
  kind: "notice",
  tone: "caution",
  title: "The verdicts are simulated",
  text: "No real model or human judged these pairs: nothing here is about a real candidate.",
};

function figures({ difference, looks, design, days, has_weekend, spend, costs }: ResponseShadow) {
  const last = looks.at(-1);
  const [baseline, candidate] = costs;
  return [
    {
      label: "Quality lost on the same requests",
      value: formatShare(difference?.value),
      details: difference ? estimateDetails(difference, formatShare) : [],
      isHeadline: true,
    },
    {
      label: "Evidence",
      value: last ? formatNumber(Math.min(last.e_value, 1e9), last.e_value < 100 ? 1 : 0) : unknown,
      details: [`certified from ${formatNumber(1 / design.alpha, 0)} on, however often one looks`],
    },
    {
      label: "Judged pairs",
      value: formatCount(last?.pairs ?? 0),
      details: [
        `${formatCount(last?.sessions ?? 0)} sessions, ${formatCount(days)} days, ${has_weekend ? "a whole weekend" : "no whole weekend"}`,
      ],
    },
    {
      label: "Cost of a success, candidate",
      value: formatUsd(candidate?.usd_per_success?.value),
      details: [`baseline ${formatUsd(baseline?.usd_per_success?.value)}`],
    },
    {
      label: "Cost of the test",
      value: formatUsd(spend.candidate_usd + spend.judge_usd),
      details: [
        `${formatUsd(spend.candidate_usd)} calls (${formatCount(spend.unpriced_calls)} without a price), ${formatUsd(spend.judge_usd)} judging (${formatCount(spend.unpriced_verdicts)} without)`,
      ],
    },
  ];
}

function looksTable({ looks }: ResponseShadow) {
  return tableBlock({
    caption: "Looks",
    rows: looks,
    limit: 60,
    columns: [
      { title: "Look", cell: (row) => row.at.slice(0, 16).replace("T", " ") },
      { title: "Pairs", isNumber: true, cell: (row) => formatCount(row.pairs) },
      { title: "Sessions", isNumber: true, cell: (row) => formatCount(row.sessions) },
      { title: "Quality lost", isNumber: true, cell: (row) => formatShare(row.difference) },
      {
        title: "Holds at all looks",
        isNumber: true,
        cell: (row) => (row.low === null ? unknown : `${formatShare(row.low)} to ${formatShare(row.high)}`),
      },
      { title: "Upper end", isNumber: true, cell: (row) => formatShare(row.upper) },
      { title: "Evidence", isNumber: true, cell: (row) => formatNumber(Math.min(row.e_value, 1e9), 2) },
    ],
  });
}

function slicesTable({ slices }: ResponseShadow) {
  return tableBlock({
    caption: "Slices",
    rows: slices.rows,
    limit: 60,
    notes: [visibleText(slices.method, 400)],
    columns: [
      { title: "Slice", cell: (row) => visibleText(`${row.dimension} ${row.slice}`) },
      { title: "Pairs", isNumber: true, cell: (row) => formatCount(row.pairs) },
      { title: "Sessions", isNumber: true, cell: (row) => formatCount(row.sessions) },
      { title: "Quality lost", isNumber: true, cell: (row) => formatShare(row.difference) },
      {
        title: "Holds for all slices",
        isNumber: true,
        cell: (row) => (row.low === null ? "too few" : `${formatShare(row.low)} to ${formatShare(row.high)}`),
      },
      {
        title: "Status",
        cell: (row) => ({
          text: "",
          badge: { text: row.status.replace("_", " "), tone: sliceTones[row.status] },
        }),
      },
    ],
  });
}

const sliceTones: Readonly<Record<ResponseShadow["slices"]["rows"][number]["status"], Tone>> = {
  ok: "good",
  worse: "caution",
  harmed: "bad",
  too_few: "neutral",
};
