import type { Estimate } from "../../datasets/results.js";
import type { VerificationResult } from "../../datasets/verification-result.js";
import { type Block, note, type Table } from "../content.js";
import { formatCount, formatNumber, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell, methodNotes } from "./estimate-text.js";
import { tableBlock } from "./table-block.js";

/** A second look at answers whose errors are expensive: its cost, its catch, and the harm from which it pays. */
export function verificationBlocks(result: VerificationResult): Block[] {
  const who = result.verifier.by === "gate" ? "the gate" : visibleText(result.strong_model ?? unknown);
  return [
    { kind: "heading", text: "Verification of requests with stakes" },
    {
      kind: "paragraph",
      text: `The router found stakes in ${formatCount(result.stakes_requests)} of ${formatCount(result.requests)} compared calls. Here ${who} looks at each of their answers once more; an alarm sends the call to the strong model. ${visibleText(result.verdict, 400)}`,
    },
    ...(result.stakes_requests === 0 ? [] : [figuresTable(result), modelsTable(result)]),
    ...result.notes.map((text) => note(visibleText(text, 400))),
  ];
}

type FigureRow = [label: string, estimate: Estimate | null, format: (value: number) => string];

function figuresTable(result: VerificationResult): Table {
  const { strong_instead: strong, cheap_and_verified: cheap } = result;
  const count = (value: number) => formatNumber(value, 1);
  const rows: FigureRow[] = [
    ["Cost of the pass", result.pass_usd, formatUsd],
    ["Asking again after alarms", result.repair_usd, formatUsd],
    ["Both", result.usd, formatUsd],
    ["Both, per call with stakes", result.usd_per_stakes_request, formatUsd],
    ["Both, of what the router's choices cost", result.share_of_bill, formatShare],
    ["Expected errors", result.errors, count],
    ["Errors caught", result.caught, count],
    ["Errors missed", result.missed, count],
    ["False alarms", result.false_alarms, count],
    ["Pays where an uncaught error costs more than", result.break_even_error_usd, formatUsd],
    ...(result.error_usd === null
      ? []
      : ([
          [`Net worth at ${formatUsd(result.error_usd)} an error`, result.net_usd, formatUsd],
        ] as FigureRow[])),
    ["Instead: strong model at once, more cost", strong.usd, formatUsd],
    ["Instead: strong model at once, per error prevented", strong.usd_per_prevented, formatUsd],
    ...(cheap.model === null
      ? []
      : ([
          [`Instead: ${visibleText(cheap.model)} and the pass, more cost`, cheap.usd, formatUsd],
          [`Instead: ${visibleText(cheap.model)} and the pass, errors more`, cheap.more_errors, count],
          ["Which pays while an error costs less than", cheap.pays_up_to_error_usd, formatUsd],
        ] as FigureRow[])),
  ];
  return tableBlock({
    caption: "What a verification pass costs and catches",
    rows,
    columns: [
      { title: "Figure", cell: ([label]) => label },
      { title: "Value", isNumber: true, cell: ([, estimate, format]) => estimateCell(estimate, format) },
    ],
    notes: [
      "Small figures are 95 % intervals.",
      ...methodNotes([result.pass_usd, result.usd, result.errors, result.caught]),
    ],
  });
}

function modelsTable({ by_model: rows }: VerificationResult): Table {
  return tableBlock({
    caption: "Verification by the model that answers",
    rows,
    columns: [
      { title: "Answered by", cell: ({ model }) => visibleText(model) },
      { title: "Calls with stakes", isNumber: true, cell: ({ requests }) => formatCount(requests) },
      { title: "Cost of the pass", isNumber: true, cell: ({ pass_usd: usd }) => formatUsd(usd) },
      { title: "Expected errors", isNumber: true, cell: ({ errors }) => formatNumber(errors, 1) },
      { title: "Caught", isNumber: true, cell: ({ caught }) => formatNumber(caught, 1) },
      {
        title: "Pays from, per error",
        isNumber: true,
        cell: ({ break_even_error_usd: usd }) => formatUsd(usd),
      },
    ],
  });
}
