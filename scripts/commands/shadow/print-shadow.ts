import type { ShadowResult } from "../../../datasets/results.js";
import type { ResponseShadow } from "../../../datasets/shadow-result.js";
import { percent, printLine, printTable, usd, withInterval } from "../../terminal.js";

/** Print what a decision log says. */
export function printDecisionShadow(result: ShadowResult): void {
  printLine(
    `${result.decisions} decisions, ${result.unmatched} without an answer, ${result.malformed} records not understood`,
  );
  printTable(result.mix, [
    { title: "decided model", value: (row) => row.model },
    { title: "decisions", align: "right", value: (row) => String(row.decisions) },
    { title: "share", align: "right", value: (row) => percent(row.share) },
  ]);
  printLine(`agreement with what was served: ${withInterval(result.agreement, percent)}`);
  printLine(`cost if followed, minus as served: ${withInterval(result.cost_delta_usd, usd)}`);
  if (result.latency_us) {
    const { p50, p95, p99 } = result.latency_us;
    printLine(`decision time: p50 ${p50.toFixed(0)} us, p95 ${p95.toFixed(0)} us, p99 ${p99.toFixed(0)} us`);
  }
  const { observed, expected, p_value: p, verdict } = result.sample;
  printLine(
    `sample: ${observed} units of ${expected.toFixed(1)} expected (p = ${p.toPrecision(2)}): ${verdict}`,
  );
  for (const note of result.notes) printLine(note);
  printLine();
}

/** Print what the pairs of a response shadow prove, the verdict first. */
export function printResponseShadow(response: ResponseShadow): void {
  const { verdict, design, looks } = response;
  printLine(`${verdict.action.toUpperCase()} (${verdict.reason}): ${verdict.text}`);
  if (verdict.next_look) {
    const { at, more_pairs: more } = verdict.next_look;
    printLine(`next look: ${at.slice(0, 16)}Z${more ? `; about ${more} more judged pairs are needed` : ""}`);
  }
  if (response.is_simulated) printLine("SIMULATED: the verdicts come from a simulated judge.");
  const last = looks.at(-1);
  if (last) {
    printLine(
      `baseline minus candidate: ${withInterval(response.difference, percent)} at one look; at all looks ${last.low === null ? "too few sessions for an interval" : `[${percent(last.low)}, ${percent(last.high)}]`}; margin ${percent(design.margin)}`,
    );
    printLine(
      `evidence: e-value ${last.e_value.toPrecision(3)} of ${(1 / design.alpha).toFixed(0)}; ${last.pairs} pairs in ${last.sessions} sessions over ${response.days} days, ${last.open_pairs} in open sessions, ${response.late_pairs} beyond the session cap`,
    );
  }
  printLine(response.judge_error.note);
  printLine();
  printTable(response.joins, [
    { title: "rows", value: (row) => row.kind.replaceAll("_", " ") },
    { title: "n", align: "right", value: (row) => String(row.rows) },
    { title: "first", value: (row) => row.example ?? "" },
  ]);
  for (const { status, pairs } of response.statuses) if (pairs > 0) printLine(`${status}: ${pairs}`);
  for (const { file, reason, rows, example } of response.rejected)
    printLine(`${file}: ${rows} with ${reason}, first at ${example}`);
  printLine();
  printTable(response.sensitivity, [
    { title: "counting", value: (row) => row.case },
    { title: "pairs", align: "right", value: (row) => String(row.pairs) },
    { title: "difference", align: "right", value: (row) => percent(row.difference) },
    { title: "upper bound", align: "right", value: (row) => percent(row.upper) },
    { title: "e-value", align: "right", value: (row) => row.e_value.toPrecision(3) },
    { title: "certified", value: (row) => (row.is_certified ? "yes" : "no") },
  ]);
  printLine();
  printTable(response.guardrails, [
    { title: "guardrail", value: (row) => row.name },
    { title: "baseline", align: "right", value: (row) => rate(row.name, row.baseline) },
    { title: "candidate", align: "right", value: (row) => rate(row.name, row.candidate) },
    {
      title: "difference",
      align: "right",
      value: (row) => (row.difference ? withInterval(row.difference, percent) : ""),
    },
    { title: "status", value: (row) => row.status },
  ]);
  printLine();
  printTable(response.costs, [
    { title: "side", value: (row) => row.side },
    { title: "usd", align: "right", value: (row) => usd(row.usd) },
    { title: "unpriced", align: "right", value: (row) => `${row.unpriced} of ${row.pairs}` },
    { title: "usd per success", align: "right", value: (row) => withInterval(row.usd_per_success, usd) },
  ]);
  printLine(`success: ${response.success}`);
  printLatency(response);
  printSlices(response);
  printSample(response);
}

function printLatency({ latency }: ResponseShadow): void {
  if (latency.length === 0) return;
  const ms = (value: number | null) => (value === null ? "unbounded" : `${value.toFixed(0)} ms`);
  printLine();
  printTable(latency, [
    { title: "latency", value: (row) => `${row.side} p${(row.quantile * 100).toFixed(0)}` },
    { title: "value", align: "right", value: (row) => ms(row.ms) },
    { title: "at all looks", align: "right", value: (row) => `${ms(row.low)} to ${ms(row.high)}` },
  ]);
}

function printSlices({ slices }: ResponseShadow): void {
  if (slices.rows.length === 0) return;
  printLine();
  printTable(slices.rows, [
    { title: "slice", value: (row) => `${row.dimension} ${row.slice}` },
    { title: "pairs", align: "right", value: (row) => String(row.pairs) },
    { title: "difference", align: "right", value: (row) => percent(row.difference) },
    {
      title: "for all slices",
      align: "right",
      value: (row) => (row.low === null ? "" : `[${percent(row.low)}, ${percent(row.high)}]`),
    },
    { title: "status", value: (row) => row.status.replace("_", " ") },
  ]);
  if (slices.worst) printLine(`worst slice: ${slices.worst}`);
}

function printSample({ sample_ratio: sample }: ResponseShadow): void {
  const odd = sample.rows.filter(({ verdict }) => verdict !== "ok");
  printLine();
  printLine(
    `sample ratio: ${sample.verdict}${sample.verdict === "unknown" ? " (name the decision log with --log to check it)" : `, ${sample.rows.length} days and slices, ${sample.outside} pairs outside the sample`}`,
  );
  for (const { dimension, key, sampled, expected, adjusted_p } of odd)
    printLine(
      `  ${dimension} ${key}: ${sampled} of ${expected.toFixed(1)} expected (p = ${adjusted_p.toPrecision(2)})`,
    );
}

function rate(name: string, value: number | null): string {
  if (value === null) return "unknown";
  return name.startsWith("latency") ? `${value.toFixed(0)} ms` : percent(value, 2);
}
