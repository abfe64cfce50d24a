import { knownMean, type Policy } from "./policy.js";

/** Rows that the overall mean counts for beside a group's own. */
const priorRows = 10;

/** Each model's mean quality in the request's task group, drawn towards its overall mean where the group is small; an unknown group
 * gets the overall mean. Much of what learned routers do is this.
 * @see Efron and Morris 1975 for the shrinkage; Zhang et al. 2025, Avengers, for groups as a router */
export const groupMeanPolicy: Policy = {
  name: "group_mean",
  fit: async (train) => {
    const models = train.quality.map((quality) => {
      const overall = knownMean(quality);
      const sums = new Map<string, { sum: number; count: number }>();
      train.groups.forEach((group, row) => {
        if (Number.isNaN(quality[row]!)) return;
        const { sum, count } = sums.get(group) ?? { sum: 0, count: 0 };
        sums.set(group, { sum: sum + quality[row]!, count: count + 1 });
      });
      return { overall, sums };
    });
    return {
      forecast: async ({ groups }) =>
        models.map(({ overall, sums }) =>
          Float64Array.from(groups, (group) => {
            const { sum, count } = sums.get(group) ?? { sum: 0, count: 0 };
            return (sum + priorRows * overall) / (count + priorRows);
          }),
        ),
    };
  },
};
