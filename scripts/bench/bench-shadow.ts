import { planPaired } from "../../models/statistics/sequential/plan-paired.js";
import { runBench } from "./bench.js";
import {
  measureSessionCertificates,
  measureSessionCoverage,
  measureStopping,
  type StoppingCase,
  stoppedShare,
  stoppingQuantile,
} from "./measure-shadow.js";

/** Tests of equally good models, with what an earlier study measured of a plain plug-in bet: its median and 80 % quantile. */
const cases: ReadonlyArray<{ discordance: number; margin: number; eProcess: string; sequence: string }> = [
  { discordance: 0.2, margin: 0.02, eProcess: "4,124 / 7,556", sequence: "2,872 / 5,246" },
  { discordance: 0.2, margin: 0.03, eProcess: "1,718 / 3,296", sequence: "1,427 / 2,501" },
  { discordance: 0.1, margin: 0.02, eProcess: "1,896 / 3,550", sequence: "1,616 / 2,762" },
  { discordance: 0.2, margin: 0.05, eProcess: "573 / 1,083", sequence: "653 / 996" },
];

const pairsADay = 700;
const mostPairs = 20_000;
const sessionTraffic = { sessions: 400, meanSession: 8, discordance: 0.2, icc: 0.4 };

await runBench({
  name: "shadow",
  title: "Does a shadow test certify what it may, and only that?",
  about:
    "Planted quality differences (SYNTHETIC) whose mean is known: false certification of a candidate that is worse by exactly the margin, stopping times of one that is as good, and what correlated sessions do to both. e-process: three averaged bets, looked at after every pair. Confidence sequence: asymptotic, one-sided. Peeking: a 95 % z-test at every look, as a dashboard invites to.",
  main: async ({ quick }) => {
    const runs = quick ? 100 : 1_000;
    const measure = (planted: StoppingCase, lookEvery: number, seed: number) =>
      measureStopping(planted, { runs, mostPairs, lookEvery, seed });
    const nulls = cases.map(({ discordance, margin }, i) =>
      measure({ discordance, margin, difference: margin }, 100, 10_000 * (i + 1)),
    );
    const daily = measure({ discordance: 0.2, margin: 0.02, difference: 0.02 }, pairsADay, 90_000);
    const equal = cases.map(({ discordance, margin }, i) =>
      measure({ discordance, margin, difference: 0 }, 100, 110_000 + 10_000 * i),
    );
    const better = cases.map(({ discordance, margin }, i) =>
      measure({ discordance, margin, difference: -0.01 }, 100, 210_000 + 10_000 * i),
    );
    const seeds = quick ? 200 : 2_000;
    const coverage = measureSessionCoverage({ ...sessionTraffic, difference: 0.02 }, { seeds, seed: 1 });
    const sessionRuns = quick ? 100 : 1_000;
    const sessionNull = measureSessionCertificates(
      { ...sessionTraffic, sessions: 2_000, difference: 0.02, margin: 0.02 },
      { runs: sessionRuns, cap: 8, seed: 310_000 },
    );
    const sessionPower = measureSessionCertificates(
      { ...sessionTraffic, sessions: 8_000, difference: 0, margin: 0.02 },
      { runs: quick ? 20 : 200, cap: 8, seed: 320_000 },
    );
    return {
      figures: {
        false_certify: stoppedShare(nulls[0]!.eProcess),
        false_certify_acs: stoppedShare(nulls[0]!.sequence),
        false_certify_naive: stoppedShare(nulls[0]!.peeking),
        false_certify_daily: stoppedShare(daily.eProcess),
        false_certify_worst: Math.max(...nulls.map(({ eProcess }) => stoppedShare(eProcess))),
        median_n_d20_m2: stoppingQuantile(equal[0]!.eProcess, 0.5),
        p80_n_d20_m2: stoppingQuantile(equal[0]!.eProcess, 0.8),
        median_n_d20_m2_acs: stoppingQuantile(equal[0]!.sequence, 0.5),
        p80_n_d20_m2_acs: stoppingQuantile(equal[0]!.sequence, 0.8),
        coverage_clustered: coverage.clustered,
        coverage_iid: coverage.rowwise,
        false_certify_sessions: sessionNull.bySession,
        false_certify_sessions_by_pair: sessionNull.byPair,
        power_sessions: sessionPower.bySession,
      },
      reference: { median_n_d20_m2: 4_124, p80_n_d20_m2: 7_556, false_certify_naive: 0.338 },
      tables: [
        {
          title: "False certification: the candidate is worse by exactly the margin",
          columns: ["discordance, margin", "e-process", "confidence sequence", "peeking z-test"],
          rows: [
            ...nulls.map((times, i) => [
              caseName(i),
              ...[times.eProcess, times.sequence, times.peeking].map((stops) => share(stoppedShare(stops))),
            ]),
            [
              `.2, .02, looks every ${pairsADay} pairs`,
              ...[daily.eProcess, daily.sequence, daily.peeking].map((stops) => share(stoppedShare(stops))),
            ],
          ],
        },
        stoppingTable("Pairs until certified: the models are equally good, median / 80 % quantile", equal, 0),
        stoppingTable("Pairs until certified: the candidate is one point better, the same", better, -0.01),
        {
          title: "Sessions: mean of 8 pairs, correlation 0.4, discordance .2",
          columns: ["figure", "by session", "as if pairs were independent"],
          rows: [
            [
              "95 % interval of the difference holds the truth, 400 sessions",
              share(coverage.clustered),
              share(coverage.rowwise),
            ],
            [
              "false certification at margin .02, 2,000 sessions",
              share(sessionNull.bySession),
              share(sessionNull.byPair),
            ],
            [
              "certified at margin .02 if equally good, 8,000 sessions",
              share(sessionPower.bySession),
              "not valid",
            ],
          ],
        },
      ],
      notes: [
        `${runs} runs per row, at most ${count(mostPairs)} pairs; looks of the sequence and the z-test every 100 pairs where nothing else is said. With ${runs} runs a true 5 % shows as 3.6 to 6.4 %.`,
        "Earlier study: one bet that plugs in the mean of D so far. The averaged bets here are tuned to a candidate as good as the baseline, which is what a shadow test hopes for, and hedge with half and twice as much; they are as valid and stop sooner. The planned pairs are those of `shadow plan` at a power of 80 %: fixed size, e-process, sequence.",
        "Sessions longer than the cap of 8 pairs lose the rest in the e-process, so it speaks of the first 8 pairs of each session.",
      ],
    };
  },
});

function stoppingTable(
  title: string,
  times: ReadonlyArray<ReturnType<typeof measureStopping>>,
  difference: number,
) {
  return {
    title,
    columns: [
      "discordance, margin",
      "e-process",
      "sequence",
      "certified, both",
      "planned: fixed, e-process, sequence",
      ...(difference === 0 ? ["earlier study: e-process", "sequence"] : []),
    ],
    rows: times.map((stops, i) => {
      const { discordance, margin, eProcess, sequence } = cases[i]!;
      const plan = planPaired({ discordance, margin, difference, alpha: 0.05, power: 0.8 });
      return [
        caseName(i),
        spread(stops.eProcess),
        spread(stops.sequence),
        `${share(stoppedShare(stops.eProcess))}, ${share(stoppedShare(stops.sequence))}`,
        [plan.fixed, plan.eProcess, plan.sequence].map(count).join(", "),
        ...(difference === 0 ? [eProcess, sequence] : []),
      ];
    }),
  };
}

function caseName(i: number): string {
  const { discordance, margin } = cases[i]!;
  return `${discordance}, ${margin}`.replaceAll("0.", ".");
}

function spread(times: readonly number[]): string {
  return [0.5, 0.8].map((p) => count(stoppingQuantile(times, p))).join(" / ");
}

function count(pairs: number): string {
  return Number.isFinite(pairs) ? pairs.toLocaleString("en-US") : "not reached";
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
