import type { PlantedWorld } from "../../../datasets/synthetic/planted-world.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import type { HeadlineGroup } from "./headline-group.js";
import { asIndependent, drawLog, type PlantedDraw } from "./planted-draw.js";

/** What one headline estimate did over all seeds. */
export interface HeadlineCoverage {
  group: string;
  estimate: string;
  truth: number;
  /** Share of seeds whose 95 % interval held the truth; and that of an analyst who takes attempts for independent. */
  covered: number;
  /** Null where the figure itself is made of sessions. */
  coveredIndependent: number | null;
  /** Mean of the estimates less the truth, and mean width of the intervals that have ends. */
  bias: number;
  width: number;
  /** Seeds in which the estimate was made at all, of so many. */
  seeds: number;
  wanted: number;
}

/** What {@link measureHeadlines} draws. */
export interface HeadlineOptions {
  world: PlantedWorld;
  groups: readonly HeadlineGroup[];
  seeds: number;
  /** Sessions of each log. */
  sessions: number;
  /** Sessions of the log whose figures are the truth, and how many other logs the truth is a mean of where it depends on size: enough that the
   * truth's own error is far below any interval. */
  worldSessions: number;
  worldLogs: number;
}

/** Draw a log from a planted world with each seed, make every headline estimate of it with the functions of production, and see which 95 %
 * intervals hold the truth. Figures that are constants by definition are left out. */
export function measureHeadlines(options: HeadlineOptions): HeadlineCoverage[] {
  const { world, groups, seeds, sessions } = options;
  const truths = truthsOf(options);
  const tallies = groups.map(() => new Map<string, Tally>());
  for (let seed = 1; seed <= seeds; seed++) {
    const draw = drawLog(world, sessions, seed);
    const independent = asIndependent(draw);
    groups.forEach((group, g) => {
      const naive = group.bySession === "all" ? {} : group.estimate(independent);
      tallyLog(tallies[g]!, truths[g]!, group.estimate(draw), naive);
    });
  }
  return groups.flatMap(({ title, bySession = [] }, g) =>
    [...tallies[g]!]
      .filter(([, { bias, width }]) => bias !== 0 || width > 1e-12)
      .map(([estimate, tally]) => ({
        group: title,
        estimate,
        truth: truths[g]![estimate]!,
        covered: tally.covered / tally.seeds,
        coveredIndependent:
          bySession === "all" || bySession.includes(estimate) ? null : tally.independent / tally.seeds,
        bias: tally.bias / tally.seeds,
        width: tally.width / tally.bounded,
        seeds: tally.seeds,
        wanted: seeds,
      })),
  );
}

type Estimates = Record<string, Interval | null>;

interface Tally {
  covered: number;
  independent: number;
  bias: number;
  width: number;
  bounded: number;
  seeds: number;
}

function tallyLog(
  tallies: Map<string, Tally>,
  truth: Record<string, number>,
  estimates: Estimates,
  naive: Estimates,
): void {
  for (const [key, interval] of Object.entries(estimates)) {
    const actual = truth[key];
    if (interval === null || actual === undefined) continue;
    const tally = tallies.get(key) ?? { covered: 0, independent: 0, bias: 0, width: 0, bounded: 0, seeds: 0 };
    const width = interval.high - interval.low;
    tally.covered += Number(holds(interval, actual));
    tally.independent += Number(holds(naive[key] ?? null, actual));
    tally.bias += interval.value - actual;
    tally.width += Number.isFinite(width) ? width : 0;
    tally.bounded += Number(Number.isFinite(width));
    tally.seeds += 1;
    tallies.set(key, tally);
  }
}

/** Up to rounding, so that a constant holds itself. */
function holds(interval: Interval | null, truth: number): boolean {
  const slack = 1e-12 * Math.abs(truth);
  return interval !== null && interval.low - slack <= truth && truth <= interval.high + slack;
}

function truthsOf(options: HeadlineOptions): Array<Record<string, number>> {
  const { world, groups, sessions, worldSessions, worldLogs } = options;
  const large = groups.some(({ truth }) => truth !== undefined) ? drawLog(world, worldSessions, -1) : null;
  const means = groups.map(() => new Map<string, { sum: number; count: number }>());
  const isMean = groups.some(({ truth }) => truth === undefined);
  for (let log = 1; isMean && log <= worldLogs; log++) {
    const draw = drawLog(world, sessions, 1_000_000 + log);
    groups.forEach((group, g) => {
      if (group.truth === undefined) addValues(means[g]!, group, draw);
    });
  }
  return groups.map(
    (group, g) =>
      group.truth?.(large!) ??
      Object.fromEntries([...means[g]!].map(([key, { sum, count }]) => [key, sum / count])),
  );
}

function addValues(
  means: Map<string, { sum: number; count: number }>,
  group: HeadlineGroup,
  draw: PlantedDraw,
): void {
  for (const [key, interval] of Object.entries(group.estimate(draw))) {
    if (interval === null) continue;
    const mean = means.get(key) ?? { sum: 0, count: 0 };
    means.set(key, { sum: mean.sum + interval.value, count: mean.count + 1 });
  }
}
