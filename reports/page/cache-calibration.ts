import type { CacheCalibrationResult, CacheSegmentThreshold } from "../../datasets/cache-calibration.js";
import type { Estimate } from "../../datasets/results.js";
import { type Block, type Notice, note } from "../content.js";
import { formatCount, formatCountOf, formatInterval, formatNumber, formatShare } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { estimateCell } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** From which score on a cached answer may be served, and what that came to on later traffic. */
export function calibrationBlocks(calibration: CacheCalibrationResult | null): Block[] {
  if (calibration === null) {
    return [
      missingStage(
        "No threshold is certified: the curve above is no promise about wrong answers.",
        "signalbox cache calibrate --workspace DIR",
      ),
    ];
  }
  return [
    promiseNotice(calibration),
    ...(calibration.is_simulated ? [simulatedNotice] : []),
    thresholdTable(calibration.segments),
    ...laterBlocks(calibration),
    ...calibration.notes.map((text) => note(visibleText(text, 400))),
  ];
}

function promiseNotice(calibration: CacheCalibrationResult): Notice {
  const { segments, alpha, delta, labels, max_entries, source } = calibration;
  const where =
    source.kind === "stream"
      ? `a stream of its own, ${visibleText(source.path ?? "", 120)}`
      : "judged pairs of this workspace";
  const on = segments.filter(({ min_score }) => min_score !== null).length;
  return {
    kind: "notice",
    tone: on > 0 ? "neutral" : "caution",
    title: on > 0 ? "A certified threshold" : "Nothing could be certified",
    text: `${formatCountOf(on, "segment")} of ${formatCount(segments.length)} may be served near answers. Promise: wrong hits are at most ${formatShare(alpha)} of all requests; over calibrations it is broken with probability at most ${formatShare(delta)}. It rests on ${formatCountOf(labels, "label")} of ${where}, and holds for at most ${formatCount(max_entries)} entries.`,
  };
}

const simulatedNotice: Notice = {
  kind: "notice",
  tone: "caution",
  title: "Simulated labels",
  text: "A simulated judge made the labels: the thresholds show how it works, not what your answers are worth.",
};

function thresholdTable(segments: readonly CacheSegmentThreshold[]): Block {
  return tableBlock({
    caption: "Thresholds by segment",
    rows: segments,
    columns: [
      { title: "Segment", cell: ({ segment }) => visibleText(segment) },
      { title: "Tier", cell: ({ level }) => level.replace("_", " ") },
      {
        title: "Serve from",
        isNumber: true,
        cell: ({ min_score }) => (min_score === null ? "off" : formatNumber(min_score, 4)),
      },
      { title: "Labels", isNumber: true, cell: ({ n }) => formatCount(n) },
      {
        title: "Wrong above",
        isNumber: true,
        cell: ({ errors, min_score }) => (min_score === null ? "-" : formatCount(errors)),
      },
      {
        title: "USR at most",
        isNumber: true,
        cell: ({ usr_high }) => (usr_high === null ? "-" : formatShare(usr_high)),
      },
      { title: "FHR", isNumber: true, cell: ({ fhr }) => estimateCell(fhr, formatShare, "-") },
      { title: "Why", cell: ({ note: why }) => visibleText(why, 200) },
    ],
    notes: ["USR is certified; FHR is an estimate among the checked offers and no promise."],
  });
}

function laterBlocks({ later }: CacheCalibrationResult): Block[] {
  if (later === null) return [];
  const wrong =
    later.usr === null
      ? "Right and wrong are not known there."
      : `Wrong hits were ${shareText(later.usr)} of all requests (USR)${later.fhr === null ? "" : ` and ${shareText(later.fhr)} of hits (FHR)`}.`;
  return [
    {
      kind: "paragraph",
      text: `Of ${formatCountOf(later.requests, "later request")}, which calibration didn't see, the calibrated cache would have served ${shareText(later.hit_rate)}, against ${formatShare(later.exact_only_hit_rate.value)} by equal requests alone. ${wrong}`,
    },
  ];
}

function shareText(estimate: Estimate): string {
  const interval = formatInterval(estimate, formatShare);
  return `${formatShare(estimate.value)}${interval === null ? "" : ` (${interval})`}`;
}
