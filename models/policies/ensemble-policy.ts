import { assignFolds, groupRows } from "../split.js";
import { fitStack } from "./fit-stack.js";
import { forecastOutOfFold } from "./forecast-out-of-fold.js";
import { type Forecast, knownMean, type Policy, type PolicyRequests, type PolicyRows } from "./policy.js";
import { spreadOver } from "./rank-policy.js";

/** How members' forecasts become one.
 * - mean: the plain average; one fit of each member
 * - rank: each member's gain over the cheapest model becomes its rank among training rows, and ranks are averaged: for members whose
 *   forecasts only order requests. It forgets how sure a member is, so it is no good between many models
 * - stack: logistic regression of quality on the members' forecasts, per model: learns whom to trust, needs more rows */
type Combination = "mean" | "rank" | "stack";

const folds = 5;

/** Several strategies as one. What ranks and weights are fitted to are forecasts of rows that the members didn't see (5 folds, twins
 * kept together), so these two cost six fits of each. Their own held-out forecasts are from such members; only the few weights of a
 * stack saw the row.
 * @see Wolpert 1992, Stacked generalization; Breiman 1996 */
export function ensemblePolicy(members: readonly Policy[], combination: Combination): Policy {
  return {
    name: `ensemble_${combination}`,
    fit: async (train, seed) => {
      const fitted = await Promise.all(members.map((member) => member.fit(train, seed)));
      const ask = (requests: PolicyRequests) =>
        Promise.all(fitted.map((member) => member.forecast(requests)));
      if (combination === "mean") return { forecast: async (requests) => meanForecast(await ask(requests)) };
      const held = await forecastTwinsApart(members, train, seed);
      const combine = combination === "rank" ? rankCombiner(train, held) : stackCombiner(train, held);
      return { forecast: async (requests) => combine(await ask(requests)), heldOut: combine(held) };
    },
  };
}

async function forecastTwinsApart(
  members: readonly Policy[],
  train: PolicyRows,
  seed: number,
): Promise<Forecast[]> {
  const groups = groupRows(
    train.texts.map(() => null),
    train.texts,
  );
  const foldOf = assignFolds(groups, folds, seed);
  const held: Forecast[] = [];
  for (const member of members) held.push(await forecastOutOfFold(member, train, foldOf, seed));
  return held;
}

function meanForecast(members: readonly Forecast[]): Forecast {
  return members[0]!.map((_, model) =>
    members[0]![model]!.map(
      (__, row) => members.reduce((sum, forecast) => sum + forecast[model]![row]!, 0) / members.length,
    ),
  );
}

function rankCombiner(train: PolicyRows, held: Forecast[]): (members: Forecast[]) => Forecast {
  const costs = train.usd.map(knownMean);
  const cheapest = costs.indexOf(Math.min(...costs));
  const gains = (forecast: Forecast, model: number) =>
    forecast[model]!.map((quality, row) => quality - forecast[cheapest]![row]!);
  const sorted = held.map((forecast) => train.quality.map((_, model) => gains(forecast, model).sort()));
  const spread = spreadOver(train);
  return (members) =>
    spread(
      train.quality.map((_, model) => {
        const ranks = members.map((forecast, m) => {
          const known = sorted[m]![model]!;
          return gains(forecast, model).map((gain) => rankAmong(known, gain));
        });
        return ranks[0]!.map((__, row) => ranks.reduce((sum, own) => sum + own[row]!, 0) / ranks.length);
      }),
    );
}

/** Share of sorted values below a value, those equal to it counting half. */
function rankAmong(sorted: Float64Array, value: number): number {
  return (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2 / sorted.length;
}

function countBelow(sorted: Float64Array, value: number, isInclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (isInclusive && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function stackCombiner(train: PolicyRows, held: Forecast[]): (members: Forecast[]) => Forecast {
  const stacks = train.quality.map((quality, model) =>
    fitStack(
      held.map((forecast) => forecast[model]!),
      quality,
    ),
  );
  return (members) => stacks.map((stack, model) => stack(members.map((forecast) => forecast[model]!)));
}
