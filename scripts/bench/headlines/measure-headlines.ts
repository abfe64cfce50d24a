import type { PlantedWorld } from "../../../datasets/synthetic/planted-world.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import type { HeadlineGroup } from "./headline-group.js";
import { asIndependent, drawLog } from "./planted-draw.js";

/** What one headline estimate did over all seeds. */
export interface HeadlineCoverage {
  group: string;
  estimate: string;
  truth: number;
  /** Share of seeds whose 95 % interval held the truth; and that of an analyst who takes attempts for independent. */
  covered: number;
  coveredIndependent: number;
  /** Mean of the estimates less the truth, and mean width of the intervals. */
  bias: number;
  width: number;
  /** Seeds in which the estimate was made at all. */
  seeds: number;
}

/** Draw a log from a planted world with each seed, make every headline estimate of it with the functions of production, and see which 95 %
 * intervals hold the truth. Figures that are constants by definition are left out.
 * @param sessions of each log
 * @param worldSessions of the log whose figures are the truth: so many that its own error is far below any interval */
export function measureHeadlines(options: {
  world: PlantedWorld;
  groups: readonly HeadlineGroup[];
  seeds: number;
  sessions: number;
  worldSessions: number;
}): HeadlineCoverage[] {
  const { world, groups, seeds, sessions, worldSessions } = options;
  const large = drawLog(world, worldSessions, -1);
  const truths = groups.map((group) => group.truth(large));
  const tallies = groups.map(() => new Map<string, Tally>());
  for (let seed = 1; seed <= seeds; seed++) {
    const draw = drawLog(world, sessions, seed);
    const independent = asIndependent(draw);
    groups.forEach((group, g) => {
      const naive = group.estimate(independent);
      for (const [key, interval] of Object.entries(group.estimate(draw))) {
        const truth = truths[g]![key];
        if (interval === null || truth === undefined) continue;
        const tally = tallies[g]!.get(key) ?? { covered: 0, independent: 0, bias: 0, width: 0, seeds: 0 };
        tally.covered += Number(holds(interval, truth));
        tally.independent += Number(holds(naive[key] ?? null, truth));
        tally.bias += interval.value - truth;
        tally.width += interval.high - interval.low;
        tally.seeds += 1;
        tallies[g]!.set(key, tally);
      }
    });
  }
  return groups.flatMap(({ title }, g) =>
    [...tallies[g]!]
      .filter(([, { bias, width }]) => bias !== 0 || width > 1e-12)
      .map(([estimate, tally]) => ({
        group: title,
        estimate,
        truth: truths[g]![estimate]!,
        covered: tally.covered / tally.seeds,
        coveredIndependent: tally.independent / tally.seeds,
        bias: tally.bias / tally.seeds,
        width: tally.width / tally.seeds,
        seeds: tally.seeds,
      })),
  );
}

interface Tally {
  covered: number;
  independent: number;
  bias: number;
  width: number;
  seeds: number;
}

function holds(interval: Interval | null, truth: number): boolean {
  return interval !== null && interval.low <= truth && truth <= interval.high;
}
