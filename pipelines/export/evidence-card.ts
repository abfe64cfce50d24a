import type { Estimate } from "@signalbox/runtime";
import type { ConfounderReport, DistributionReport, SliceReport } from "../../datasets/model-evidence.js";
import type { ModelResult } from "../../datasets/results.js";
import { cardPercent, cardShare } from "./card-numbers.js";
import { cardTable, cardText } from "./card-table.js";

/** How the router does by slice of the held-out rows. */
export function sliceSection(
  { rows, worst, least_rows, least_sessions }: SliceReport,
  result: ModelResult,
): string[] {
  if (rows.length === 0)
    return [
      "## By slice",
      "",
      "The held-out rows are alike in group, script, length, tier and tools: no slices.",
    ];
  const judged = rows.filter(({ is_small }) => !is_small);
  const small = rows.filter(({ is_small }) => is_small);
  const worstText =
    worst === null
      ? "No slice is large enough to judge."
      : `Worst of ${worst.of}: **${worst.dimension} ${cardText(worst.slice)}** keeps ${cardShare(worst.retention)} on ${worst.retention.n} rows; ` +
        `this interval holds for all ${worst.of} slices at once (Bonferroni). ${verdictOn(worst.retention, result.retention_target)}`;
  return [
    "## By slice",
    "",
    "Held-out rows; each interval is for its slice alone, cluster-robust at 95 %. The promise is not made for slices.",
    "",
    ...cardTable(
      ["by", "slice", "rows", "sessions", "retention", "strong share", "saving"],
      judged.map(({ dimension, slice, n, sessions, retention, strong_share, saving }) => [
        dimension,
        slice,
        String(n),
        String(sessions),
        cardShare(retention!),
        cardShare(strong_share!),
        cardShare(saving!),
      ]),
    ),
    "",
    worstText,
    ...(small.length > 0
      ? [
          "",
          `Too small to judge (under ${least_rows} rows or ${least_sessions} sessions): ` +
            `${small
              .slice(0, smallNamed)
              .map(({ dimension, slice, n }) => `${dimension} ${cardText(slice)} (${n})`)
              .join(", ")}${small.length > smallNamed ? ` and ${small.length - smallNamed} more` : ""}.`,
        ]
      : []),
  ];
}

/** Small slices that are named; there can be thousands. */
const smallNamed = 40;

function verdictOn({ low, high }: Estimate, target: number): string {
  if (low >= target) return `Even its lower end is above the target of ${cardPercent(target)}.`;
  return high < target
    ? `It falls short of the target of ${cardPercent(target)}.`
    : `Whether it reaches the target of ${cardPercent(target)} is open.`;
}

/** Whether the heads' probabilities mean what they say. */
export function calibrationSection(heads: NonNullable<ModelResult["calibration"]>): string[] {
  return [
    "## Do the probabilities mean what they say?",
    "",
    "By a calibration that did not see the rows. Noise alone makes the calibration error positive.",
    "",
    ...cardTable(
      ["head", "Brier score", "calibration error", "rows"],
      heads.map(({ head, brier, calibration_error }) => [
        head,
        fixed(brier),
        fixed(calibration_error),
        String(brier.n),
      ]),
    ),
  ];
}

/** What the out-of-distribution score flags. */
export function distributionSection({ false_alarms, planted }: DistributionReport): string[] {
  return [
    "## Out of distribution",
    "",
    `Of held-out requests ${cardShare(false_alarms)} of ${false_alarms.n} are flagged, and go to the strong model. Planted strange requests:`,
    "",
    ...cardTable(
      ["planted", "flagged", "requests"],
      planted.map(({ about, flagged }) => [about, cardShare(flagged), String(flagged.n)]),
    ),
    "",
    "A set that the traffic holds itself, such as another language, is rightly not flagged.",
  ];
}

/** Which changes of wording sway the router, and what was accepted. */
export function confounderSection(report: ConfounderReport): string[] {
  const accepted = report.families.filter(({ status }) => status === "accepted");
  return [
    "## What sways it",
    "",
    `${report.requests} requests were changed in ways that leave the question as it was, and decided again: ${report.source}` +
      `${report.is_seen_in_training ? ", which the model was fitted to" : ""}. ${report.not_cheapest} of them were not with the cheapest model. ` +
      "Each family has several wordings; the one that does most harm counts.",
    "",
    ...cardTable(
      ["change", "to a cheaper model (harm)", "to a dearer model (cost)", "budget", "gate"],
      report.families.map(({ about, to_cheaper, to_dearer, budget, status }) => [
        about,
        to_cheaper ? cardShare(to_cheaper) : "none could be",
        to_dearer ? cardShare(to_dearer) : "none could be",
        cardPercent(budget),
        status.replace("_", " "),
      ]),
    ),
    ...(accepted.length > 0
      ? [
          "",
          `**Accepted knowingly, beyond the default budget: ${accepted.map(({ about }) => about).join("; ")}.**`,
        ]
      : []),
  ];
}

function fixed({ value, low, high }: Estimate): string {
  return `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
}
