import { plantedWorld } from "../../../datasets/synthetic/planted-world.js";
import type { BenchOutcome, BenchTable } from "../bench.js";
import { cascadeHeadlines } from "./cascade-headlines.js";
import { fairnessHeadlines } from "./fairness-headlines.js";
import { forecastHeadlines } from "./forecast-headlines.js";
import { frontierHeadlines } from "./frontier-headlines.js";
import { leverHeadlines } from "./lever-headlines.js";
import { limitHeadlines } from "./limit-headlines.js";
import { markupHeadlines } from "./markup-headlines.js";
import { type HeadlineCoverage, measureHeadlines } from "./measure-headlines.js";
import { misrouteHeadlines } from "./misroute-headlines.js";
import { reliabilityHeadlines } from "./reliability-headlines.js";
import { strategyHeadlines } from "./strategy-headlines.js";

/** Groups that are measured in the planted world, in the order of the report. */
const groups = [
  strategyHeadlines,
  leverHeadlines,
  cascadeHeadlines,
  misrouteHeadlines,
  frontierHeadlines,
  reliabilityHeadlines,
  fairnessHeadlines,
  markupHeadlines,
] as const;

const limitsTitle = "In no interval, by design";

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
  const size = {
    seeds: quick ? 20 : 200,
    sessions: 600,
    worldSessions: quick ? 20_000 : 120_000,
    worldLogs: quick ? 60 : 400,
  };
  const found = [
    ...measureHeadlines({ ...size, world: plantedWorld, groups }),
    ...measureHeadlines({ ...size, world: steadyWorld, groups: [forecastHeadlines] }),
    ...measureHeadlines({ ...size, world: plantedWorld, groups: [forecastHeadlines] }).map((row) => ({
      ...row,
      estimate: `growing_${row.estimate}`,
    })),
  ];
  const limits = measureHeadlines({ ...size, world: overconfidentWorld, groups: [limitHeadlines] }).map(
    (row) => ({
      ...row,
      group: limitsTitle,
    }),
  );
  const rows = [...found, ...limits];
  const titles = [...new Set(rows.map(({ group }) => group))];
  return {
    figures: Object.fromEntries(rows.map(({ estimate, covered }) => [estimate, covered])),
    tables: titles.map((title) => tableOf(title, rows)),
    notes: [
      `Headline estimates: ${size.seeds} logs of 600 sessions (about 3,000 attempts) of a planted company (datasets/synthetic/planted-world.ts): difficulty, length, speed, the bill and which model serves are shared in a session; models, prices, a calibrated router, prompt-cache reads, repeats of popular prompts, outages with retries and fallbacks, a gateway's mark-up and fee, batch calls, tenants and users, growth and a moving mix of apps are planted. The functions are those of production. The truth is planted, or counted over ${size.worldSessions.toLocaleString("en-US")} sessions with the true sufficiency and the true mean latency that no estimate sees; for levers it is the mean over ${size.worldLogs} other logs, since hits of a cache grow faster than a log. That truth's own error is below a fourteenth of an estimate's (a twentieth for levers). A total is per session, for as many sessions drawn anew.`,
      "The i.i.d. column is the same estimate by an analyst who takes every attempt for a session of its own. It is empty where the figure itself is made of sessions, where the interval counts hours or days too (reliability, forecast), and for the frontier.",
      "The forecast is of a company that neither grows nor changes its mix, and, `growing_`, of the planted one, whose spend more than doubles in the month after four weeks of log: too few days to show growth, so the value stays level and the interval holds what may come. Each interval is held against the 30 days that then come.",
      `${limitsTitle}: \`overconfident_router_retention\` is the router's own estimate when its log-odds are too high by 1; \`router_saving_if_marked_up\` is the saving at other models' list prices, if the gateway adds its mark-up and fee to them too and nobody ran \`markup\` before (with it: \`router_saving_marked_up\`).`,
      ...(quick ? [] : explained(found)),
    ],
  };
}

/** The planted company, if it stayed as it was on the first day. */
const steadyWorld = {
  ...plantedWorld,
  growth: 0,
  apps: plantedWorld.apps.map((app) => ({ ...app, weights: [app.weights[0], app.weights[0]] as const })),
};

const overconfidentWorld = { ...plantedWorld, overconfidence: 1 };

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

/** Estimates outside 92 to 98 %, with the reason where it is known. */
function explained(rows: readonly HeadlineCoverage[]): string[] {
  const off = rows.filter(({ covered }) => covered < least || covered > most);
  if (off.length === 0) return ["Every headline estimate lies within 92 to 98 %."];
  const lines = off.map(({ estimate, covered }) => {
    const known = covered < least ? reasonsForLess : reasonsForMore;
    const why = known.find(([pattern]) => pattern.test(estimate))?.[1];
    return `- \`${estimate}\`: ${percent(covered)}${why === undefined ? "" : `. ${why}`}`;
  });
  return [`Outside 92 to 98 %:\n\n${lines.join("\n")}`];
}

/** Where 95 % of 200 seeds lie but for 2 in 100 times. */
const [least, most] = [0.92, 0.98];

const fewLarge =
  "A handful of large amounts makes the sum. The skewness is taken out of the interval (Hall 1992), but a log without the rare large amount shows little of it.";

/** Why an interval holds less often than it says, by the name of the estimate. */
const reasonsForLess: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(lever_oversize|lever_retries|user_wasted_usd)$/, fewLarge],
  [/(at_risk_usd|repair_usd|always_cheapest_usd_per_success)$/, fewLarge],
  [
    /_single_p95_ms$/,
    "Not shown why; likely a few slow or fast sessions decide the times of long answers of a model that is seldom asked for them.",
  ],
  [
    /^latency_(router|always_strong|always_cheapest)_/,
    "The logged distributions of the other model count as known, as the method says: the interval holds the error of the requests' own ranks alone.",
  ],
  [/^fairness_latency_/, "The models' fitted times count as known."],
  [
    /_latency_change_ms$/,
    "Not shown why; likely few sessions with long answers decide a model's time per token, and its linearised error is then a little small.",
  ],
  [/_mean_ms$/, "Times by class of lengths are taken as known."],
];

/** Why one holds more often. */
const reasonsForMore: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /(at_risk_usd|repair_usd|overkill_of_wrong|lever_|waterfall_)/,
    "Few large amounts: degrees of freedom and skewness are both taken from them, which is on the safe side.",
  ],
  [
    /^verification_/,
    "Not shown why; likely the gate's exact (Clopper-Pearson) intervals, which are wider than 95 %.",
  ],
  [/^forecast_/, "It holds growth too, which this company hasn't."],
  [/^growing_/, "Growth as the days hint at it, carried forward with its error: wide after four weeks."],
  [
    /^(availability_|error_rate_|user_)/,
    "The wider of the errors by session and by hour is taken: more than needed where outages are few.",
  ],
];

function figure(value: number): string {
  return value === 0 ? "0" : String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
