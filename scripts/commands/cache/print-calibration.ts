import type { CacheCalibrationResult, CacheLaterPart } from "../../../datasets/cache-calibration.js";
import { percent, printLine, printTable } from "../../terminal.js";

/** Print thresholds, and what they came to on later traffic. */
export function printCalibration(result: CacheCalibrationResult): void {
  const { alpha, delta, labels, labels_for_score: taught, score, embedder, later } = result;
  printLine(
    `Promise: wrong hits are at most ${percent(alpha)} of all requests; a calibration breaks it with probability at most ${percent(delta)}.`,
  );
  const spent = taught > 0 ? `${labels} labels, ${taught} of them to learn the score` : `${labels} labels`;
  const learnt = {
    answers: "learnt from the log's own answers",
    labels: "learnt from labels",
    nothing: "nothing to learn",
  }[result.learnt_from];
  const scored = score === "cosine" ? "the cosine" : `a same-answer score (${learnt})`;
  printLine(`Score: ${scored} on ${embedder.id}; ${spent}${result.is_simulated ? " (SIMULATED)" : ""}.`);
  if (result.judge_accepts_high !== null) {
    printLine(
      `The judge accepts at most ${percent(result.judge_accepts_high)} of wrong answers; that is folded in.`,
    );
  }
  printLine();
  printTable(result.segments, [
    { title: "segment", value: ({ segment }) => segment },
    { title: "tier", value: ({ level }) => level.replace("_", " ") },
    {
      title: "serve from",
      value: ({ min_score }) => (min_score === null ? "off" : min_score.toFixed(4)),
      align: "right",
    },
    { title: "labels", value: ({ n }) => String(n), align: "right" },
    {
      title: "wrong",
      value: ({ errors, allowed_errors, min_score }) =>
        min_score === null ? "-" : `${errors} of ${allowed_errors} allowed`,
      align: "right",
    },
    {
      title: "USR at most",
      value: ({ usr_high }) => (usr_high === null ? "-" : percent(usr_high, 2)),
      align: "right",
    },
    {
      title: "FHR at most",
      value: ({ fhr }) => (fhr === null ? "-" : percent(fhr.high)),
      align: "right",
    },
    { title: "", value: ({ note }) => note },
  ]);
  if (later !== null) printLater(later);
  for (const note of result.notes) printLine(note);
}

function printLater(later: CacheLaterPart): void {
  const { requests, hit_rate: hits, usr, fhr, exact_only_hit_rate: exact } = later;
  printLine();
  printLine(
    `Later ${requests} requests, which calibration didn't see: ${range(hits)} served, of which exact ${percent(later.exact_hits / requests)} (${percent(exact.value)} without the semantic tier).`,
  );
  if (usr !== null) {
    const ofHits = fhr === null ? "no hits" : `${range(fhr)} of hits (FHR)`;
    printLine(`Wrong: ${range(usr)} of all requests (USR), ${ofHits}. Never compare one with the other.`);
  } else printLine("Right and wrong are not known there.");
  if (later.cross_tenant_hits > 0) printLine(`HITS ACROSS TENANTS: ${later.cross_tenant_hits}`);
}

function range({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${percent(value, 2)} [${percent(low, 2)}, ${percent(high, 2)}]`;
}
