import { percent } from "../../terminal.js";
import type { BenchTable } from "../bench.js";
import type { DecisionRun } from "./measure-decisions.js";
import type { FetchTiming } from "./measure-fetch.js";
import type { MemoryRun } from "./measure-memory.js";
import { concurrencies, type OverheadRun } from "./measure-overhead.js";
import type { ReloadRun } from "./measure-reload.js";
import { quantile, type Timing } from "./time-calls.js";

/** Tables of the page on routing latency. */
export function routeTables({
  decided,
  overhead,
  reload,
  memory,
  packed,
}: {
  decided: DecisionRun;
  overhead: OverheadRun;
  reload: ReloadRun;
  memory: MemoryRun;
  packed: { kilobytes: number; dependencies: number };
}): BenchTable[] {
  return [
    {
      title: "One decision, milliseconds",
      columns: ["characters", "p50", "p99", "p99, not preempted", "max", "preempted"],
      rows: [
        ["200", ...cells(decided.short)],
        ["2,000", ...cells(decided.medium)],
        ["32,000", ...cells(decided.long)],
        ["2,000, asked before", ...cells(decided.repeated)],
        ["2,000, inference by onnxruntime-node", ...cells(decided.onnxruntime)],
        ["2,000, without the hidden layer", ...cells(decided.linear)],
        ["2,000, without WebAssembly", ...cells(decided.scalar)],
      ],
    },
    {
      title: "One call of 2,000 characters to a model that answers at once, milliseconds: p50 / p99 / max",
      columns: ["by way of", ...concurrencies.map((number) => `${number} at a time`)],
      rows: [
        ["plain fetch", ...overhead.plain.map(ofCall)],
        ["routed fetch", ...overhead.routed.map(ofCall)],
        overhead.portkey === null
          ? ["Portkey's gateway", ...concurrencies.map(() => "not installed")]
          : [`Portkey's gateway ${overhead.portkey.version}`, ...overhead.portkey.timings.map(ofCall)],
      ],
    },
    {
      title: "Loading the artifact anew while requests come, milliseconds from due to decided",
      columns: ["", "p99", "max"],
      rows: [
        ["no reload", ms(reload.quiet.p99), ms(reload.quiet.max)],
        [
          `${reload.reloads} reloads without a pause (${ms(reload.reloadMs)} ms each)`,
          ms(reload.reloading.p99),
          ms(reload.reloading.max),
        ],
      ],
    },
    {
      title: `Memory over ${memory.decisions.toLocaleString("en-US")} decisions and records of as many sessions, MB`,
      columns: ["", "after a tenth", "at the end"],
      rows: [
        ["heap in use", memory.heapEarlyMb.toFixed(1), memory.heapLateMb.toFixed(1)],
        ["resident", memory.rssEarlyMb.toFixed(0), memory.rssLateMb.toFixed(0)],
        ["decisions a second", "", Math.round(memory.perSecond).toLocaleString("en-US")],
      ],
    },
    {
      title: "Load and size",
      columns: ["", "value"],
      rows: [
        ["load and verify an artifact, ms (median of 5)", quantile(decided.loads, 0.5).toFixed(1)],
        ["packed runtime, kB", packed.kilobytes.toFixed(1)],
        ["required dependencies", String(packed.dependencies)],
      ],
    },
  ];
}

function cells({ p50, p99, ownP99, max, preemptedShare }: Timing): string[] {
  return [...[p50, p99, ownP99, max].map(ms), percent(preemptedShare)];
}

function ofCall({ p50, p99, max }: FetchTiming): string {
  return [p50, p99, max].map((value) => value.toFixed(2)).join(" / ");
}

function ms(value: number): string {
  return value.toFixed(3);
}
