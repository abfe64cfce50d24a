import { plantedWorld } from "../../../datasets/synthetic/planted-world.js";
import type { BenchOutcome, BenchTable } from "../bench.js";
import { cascadeHeadlines } from "./cascade-headlines.js";
import { leverHeadlines } from "./lever-headlines.js";
import { limitHeadlines } from "./limit-headlines.js";
import { markupHeadlines } from "./markup-headlines.js";
import { type HeadlineCoverage, measureHeadlines } from "./measure-headlines.js";
import { misrouteHeadlines } from "./misroute-headlines.js";
import { reliabilityHeadlines } from "./reliability-headlines.js";
import { strategyHeadlines } from "./strategy-headlines.js";

/** Every group of headline estimates, in the order of the report. */
export const headlineGroups = [
  strategyHeadlines,
  leverHeadlines,
  cascadeHeadlines,
  misrouteHeadlines,
  reliabilityHeadlines,
  markupHeadlines,
] as const;

const columns = [
  "estimate",
  "truth",
  "covered",
  "covered by i.i.d. interval",
  "mean error",
  "mean width",
] as const;

/** Measure every headline estimate in the planted world: figures, one table a group, and what explains those outside 92 to 98 %. */
export function headlineTables({
  quick,
}: {
  quick: boolean;
}): Required<Pick<BenchOutcome, "figures" | "tables" | "notes">> {
  const seeds = quick ? 20 : 200;
  const size = { seeds, sessions: 600, worldSessions: quick ? 20_000 : 120_000, worldLogs: quick ? 60 : 400 };
  const found = measureHeadlines({ world: plantedWorld, groups: headlineGroups, ...size });
  const overconfident = { ...plantedWorld, overconfidence: 1 };
  const limits = measureHeadlines({ world: overconfident, groups: [limitHeadlines], ...size });
  const rows = [...found, ...limits];
  const titles = [...new Set(rows.map(({ group }) => group))];
  return {
    figures: Object.fromEntries(rows.map(({ estimate, covered }) => [estimate, covered])),
    tables: titles.map((title) => tableOf(title, rows)),
    notes: [
      `Headline estimates: ${seeds} logs of 600 sessions (about 3,000 attempts) of a planted company (datasets/synthetic/planted-world.ts): difficulty, length, speed, the bill and which model serves are shared in a session; models, prices, a calibrated router, prompt-cache reads, repeats of popular prompts, outages with retries and fallbacks, a gateway's mark-up and fee, batch calls, tenants and users, growth and a moving mix of apps are planted. The functions are those of production. The truth is planted, or the same figure of ${size.worldSessions.toLocaleString("en-US")} sessions, or of the truth behind them (true sufficiency, true mean latency); for levers the mean over ${size.worldLogs} other logs. A total is per session, for as many sessions drawn anew.`,
      "The i.i.d. column is the same estimate by an analyst who takes every attempt for a session of its own. It is empty where the figure itself is made of sessions, or the interval counts hours too (reliability).",
      ...explained(found),
    ],
  };
}

function tableOf(title: string, rows: readonly HeadlineCoverage[]): BenchTable {
  return { title, columns, rows: rows.filter(({ group }) => group === title).map(rowOf) };
}

function rowOf(row: HeadlineCoverage): string[] {
  return [
    row.seeds < row.wanted ? `${row.estimate} (${row.seeds} logs)` : row.estimate,
    figure(row.truth),
    percent(row.covered),
    row.coveredIndependent === null ? "" : percent(row.coveredIndependent),
    figure(row.bias),
    figure(row.width),
  ];
}

/** Estimates outside 92 to 98 %, with the reason where there is one. */
function explained(rows: readonly HeadlineCoverage[]): string[] {
  const off = rows.filter(({ covered }) => covered < 0.92 || covered > 0.98);
  if (off.length === 0) return ["Every headline estimate lies within 92 to 98 %."];
  const lines = off.map(({ estimate, covered }) => {
    const why = reasons.find(([pattern]) => pattern.test(estimate))?.[1];
    return `- \`${estimate}\`: ${percent(covered)}${why === undefined ? "" : `. ${why}`}`;
  });
  return [`Outside 92 to 98 %:\n\n${lines.join("\n")}`];
}

/** Why an interval holds less or more often than it says, by the name of the estimate. */
const reasons: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /^lever_oversize|^lever_retries/,
    "A handful of long prompts or failures in a log makes the sum, so it is skewed: a log without the rare large one says too little, and too narrowly.",
  ],
];

function figure(value: number): string {
  return value === 0 ? "0" : String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
