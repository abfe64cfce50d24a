import type { CascadeResult, GateFacts } from "../../datasets/cascade-result.js";
import { cascadeChart } from "../charts/cascade.js";
import { type Block, note, type Section } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import {
  formatCountOf,
  formatInterval,
  formatMilliseconds,
  formatShare,
  formatUsd,
  unknown,
} from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { cascadeClaimsTable, settingsTable, strategiesTable, timesTable } from "./cascade-tables.js";
import { chartBlocks } from "./chart-blocks.js";
import { missingStage } from "./missing-stage.js";
import { verificationBlocks } from "./verification.js";

/** A cheap model first and a gate on its answer: cascades and races; and a second look at answers with stakes. */
export function cascadeSection({ cascade, verification }: ReportDocuments): Section {
  return {
    id: "cascade",
    title: "Cascades and verification",
    blocks: [
      ...(cascade
        ? cascadeBlocks(cascade)
        : [missingStage("No cascade has been simulated yet.", "signalbox simulate --workspace DIR")]),
      ...(verification ? verificationBlocks(verification) : []),
    ],
  };
}

function cascadeBlocks(cascade: CascadeResult): Block[] {
  const people = `${formatCountOf(cascade.requests, "logged call")} in ${formatCountOf(cascade.sessions, "session")}`;
  return [
    {
      kind: "paragraph",
      text: "A cascade asks a cheap model first, lets a gate look at its answer, and asks the strong model where the gate says no. A race asks both at once and aborts the strong call when the gate says yes. Both are modelled on the logged calls: nobody ran them.",
    },
    gateBlock(cascade),
    ...cascade.frontiers.map(
      ({ takes, verdict }): Block => ({
        kind: "paragraph",
        text: [
          { strong: takes === "all" ? "On every call: " : "Behind the router: " },
          visibleText(verdict, 400),
        ],
      }),
    ),
    ...chartBlocks(
      {
        id: "chart-cascade",
        title: "What each setting of a cascade costs and keeps",
        description: `Cost and estimated quality of cascades on ${people}, by the confidence from which the cheap model is asked, beside a confidence threshold without any gate. A cascade pays where its line is to the left of the threshold's.`,
        spec: cascadeChart(cascade),
      },
      settingsTable(cascade.frontiers),
      "Without a measured gate of a known price there are no settings to draw.",
    ),
    ...(cascade.strategies.length > 0 ? [strategiesTable(cascade, people), timesTable(cascade)] : []),
    ...cascadeClaimsTable(cascade),
    ...cascade.notes.map((text) => note(visibleText(text, 400))),
  ];
}

function gateBlock({ gate, gate_missing: missing }: CascadeResult): Block {
  if (gate === null)
    return {
      kind: "notice",
      tone: "caution",
      title: "No measured gate",
      text: visibleText(missing ?? unknown, 400),
    };
  return { kind: "paragraph", text: gateSentence(gate) };
}

/** What is known of a gate, in a sentence. */
function gateSentence(gate: GateFacts): string {
  const rate = (estimate: GateFacts["tpr"]) => {
    const interval = formatInterval(estimate, formatShare);
    return `${formatShare(estimate.value)}${interval === null || estimate.low === estimate.high ? "" : ` (95 % interval ${interval})`}`;
  };
  const price = gate.usd === null ? "its price is unknown" : `a look costs ${formatUsd(gate.usd)}`;
  const time = gate.ms === null ? "its time is unknown" : `it takes ${formatMilliseconds(gate.ms)}`;
  return `The gate accepts ${rate(gate.tpr)} of good answers and rejects ${rate(gate.tnr)} of bad ones; ${price}, ${time}. Source: ${visibleText(gate.source, 300)}.`;
}
