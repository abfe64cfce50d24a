import type { BenchTable } from "../bench.js";
import type { FaultRun } from "./run-faults.js";
import type { ShadowRun } from "./run-shadow.js";

/** Tables of the page on a live shadow test. */
export function liveTables(shadow: ShadowRun, faults: readonly FaultRun[]): BenchTable[] {
  const { analysis, load, statuses } = shadow;
  const number = (value: number) =>
    value !== 0 && Math.abs(value) < 0.01
      ? value.toPrecision(3)
      : Math.abs(value) < 1
        ? value.toFixed(4)
        : value.toFixed(1);
  return [
    {
      title: "Load and sample",
      columns: ["", "value"],
      rows: [
        ["requests sent", String(load.sent)],
        ["answered 2xx; the rest are planted failures of the strong model", String(load.answered)],
        ["p50 / p99 as users saw it, ms", `${load.p50Ms} / ${load.p99Ms}`],
        ...Object.entries(statuses).map(([status, count]) => [`sampled: ${status}`, String(count)]),
        ["sample ratio", analysis.sample_ratio.verdict],
        ["verdict", `${analysis.verdict.action} (${analysis.verdict.reason})`],
      ],
    },
    {
      title: "What the analysis found, and what was planted",
      columns: ["figure", "planted", "found", "95 % interval", "inside"],
      rows: shadow.checks.map((check) => [
        check.figure,
        number(check.planted),
        number(check.found),
        `[${number(check.low)}, ${number(check.high)}]`,
        check.isInside ? "yes" : "no",
      ]),
    },
    {
      title: "Broken under load, while the router serves",
      columns: ["fault", "requests", "answered", "failed", "p99, ms", "counted"],
      rows: faults.map(({ fault, load, counted }) => [
        fault,
        String(load.sent),
        String(load.answered),
        String(load.failed),
        String(load.p99Ms),
        counted,
      ]),
    },
  ];
}
