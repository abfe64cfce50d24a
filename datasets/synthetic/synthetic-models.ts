/** A model of the synthetic world: a real name and its list price, with a made-up skill. */
export interface SyntheticModel {
  /** Name as callers write it. */
  readonly name: string;
  /** Name as the provider's answer writes it. */
  readonly servedName: string;
  readonly provider: "openai" | "anthropic";
  readonly usdPerMTok: {
    readonly input: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    readonly output: number;
  };
  /** Probability of an adequate answer at difficulty 0, 1 and 2, before the family's and the template's shift. */
  readonly skill: readonly [number, number, number];
  /** How many words it spends compared with the others. */
  readonly verbosity: number;
  readonly tokensPerSecond: number;
}

/** The models, dearest habit first. Names and prices are real list prices of 2025; the skills are invented, so nothing that
 * is measured on this traffic says anything about the real models. gpt-4-turbo is here to be found out: dearer than gpt-4o, and worse. */
export const syntheticModels: readonly SyntheticModel[] = [
  {
    name: "gpt-4o",
    servedName: "gpt-4o-2024-08-06",
    provider: "openai",
    usdPerMTok: { input: 2.5, cacheRead: 1.25, cacheWrite: 2.5, output: 10 },
    skill: [0.99, 0.97, 0.92],
    verbosity: 1,
    tokensPerSecond: 80,
  },
  {
    name: "gpt-4-turbo",
    servedName: "gpt-4-turbo-2024-04-09",
    provider: "openai",
    usdPerMTok: { input: 10, cacheRead: 10, cacheWrite: 10, output: 30 },
    skill: [0.98, 0.93, 0.84],
    verbosity: 1.1,
    tokensPerSecond: 35,
  },
  {
    name: "claude-sonnet-4-20250514",
    servedName: "claude-sonnet-4-20250514",
    provider: "anthropic",
    usdPerMTok: { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 },
    skill: [0.99, 0.97, 0.93],
    verbosity: 1.3,
    tokensPerSecond: 70,
  },
  {
    name: "claude-3-5-haiku-20241022",
    servedName: "claude-3-5-haiku-20241022",
    provider: "anthropic",
    usdPerMTok: { input: 0.8, cacheRead: 0.08, cacheWrite: 1, output: 4 },
    skill: [0.98, 0.88, 0.42],
    verbosity: 1.05,
    tokensPerSecond: 90,
  },
  {
    name: "gpt-4o-mini",
    servedName: "gpt-4o-mini-2024-07-18",
    provider: "openai",
    usdPerMTok: { input: 0.15, cacheRead: 0.075, cacheWrite: 0.15, output: 0.6 },
    skill: [0.98, 0.84, 0.3],
    verbosity: 0.9,
    tokensPerSecond: 110,
  },
];

/** A model by its requested or served name; undefined for a model that the world doesn't know. */
export function findSyntheticModel(name: string): SyntheticModel | undefined {
  return syntheticModels.find((model) => model.name === name || model.servedName === name);
}
