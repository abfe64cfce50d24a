import { createRandom } from "../../datasets/random.js";
import { inclusionProbabilities, systematicSample } from "../../models/statistics/systematic-sample.js";
import { allocateSample, type Stratum } from "./allocate-sample.js";

/** A request that may be drawn. */
export interface SampleUnit {
  request_id: string;
  stratum: string;
  /** Above 0: how much more often than others it is to be drawn; null = all alike. */
  uncertainty: number | null;
}

/** A drawn request with the probability of its being drawn. */
export interface DrawnRequest {
  request_id: string;
  stratum: string;
  inclusion_probability: number;
}

/** Draw a sample. Without uncertainties: each stratum gets its share and at least one, at random. With them: at least a fifth of the
 * chance is spread evenly, the rest by uncertainty, systematically through the strata; everything keeps a known chance, so that estimates stay unbiased.
 * @param units in random order, none missing
 * @returns drawn requests in the order of `units`, and the strata */
export function drawSample(
  units: readonly SampleUnit[],
  { sample, seed }: { sample: number; seed: number },
): { drawn: DrawnRequest[]; strata: Stratum[] } {
  const byStratum = new Map<string, number[]>();
  units.forEach(({ stratum }, unit) => {
    byStratum.set(stratum, [...(byStratum.get(stratum) ?? []), unit]);
  });
  const groups = [...byStratum].sort(([a], [b]) => (a < b ? -1 : 1));
  const isFocused = units.some(({ uncertainty }) => uncertainty !== null);
  const chances = isFocused ? focusedDraw(units, groups, { sample, seed }) : evenDraw(groups, sample);
  return {
    drawn: units.flatMap(({ request_id, stratum }, unit) => {
      const chance = chances.get(unit);
      return chance === undefined ? [] : [{ request_id, stratum, inclusion_probability: chance }];
    }),
    strata: groups.map(([stratum, members]) => ({
      stratum,
      population: members.length,
      sampled: members.filter((unit) => chances.has(unit)).length,
    })),
  };
}

/** Chance of being drawn by number of each drawn unit. */
type Chances = ReadonlyMap<number, number>;

function evenDraw(groups: ReadonlyArray<readonly [string, number[]]>, sample: number): Chances {
  const strata = allocateSample(
    groups.map(([stratum, members]) => ({ stratum, population: members.length })),
    sample,
  );
  return new Map(
    groups.flatMap(([, members], i) => {
      const { sampled, population } = strata[i]!;
      return members.slice(0, sampled).map((unit) => [unit, sampled / population] as const);
    }),
  );
}

function focusedDraw(
  units: readonly SampleUnit[],
  groups: ReadonlyArray<readonly [string, number[]]>,
  { sample, seed }: { sample: number; seed: number },
): Chances {
  const order = groups.flatMap(([, members]) => members);
  const total = units.reduce((sum, { uncertainty }) => sum + uncertainty!, 0);
  const sizes = order.map(
    (unit) => evenShare / units.length + ((1 - evenShare) * units[unit]!.uncertainty!) / total,
  );
  const probabilities = inclusionProbabilities(sizes, Math.min(sample, units.length));
  const drawn = systematicSample(probabilities, createRandom(seed).uniform());
  return new Map(drawn.map((place) => [order[place]!, probabilities[place]!]));
}

/** Part of the chance that is spread evenly, whatever the first model thinks: it may be wrong where it is sure. */
const evenShare = 0.2;
