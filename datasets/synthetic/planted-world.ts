/** A model of a planted world: list prices, and how it behaves. */
export interface PlantedModel {
  model: string;
  /** USD per million tokens. */
  inputUsd: number;
  cacheReadUsd: number;
  outputUsd: number;
  /** Difficulty at which its answer is as good as the strong model's half of the time; Infinity for the strong model. */
  ability: number;
  /** Mean latency: milliseconds, and milliseconds a token of output. */
  baseMs: number;
  tokenMs: number;
}

/** An app of a planted world: what is asked of it, and which model its company sends that to out of habit. */
export interface PlantedApp {
  app: string;
  /** Weight among sessions on the first and on the last day; in between it moves in a straight line. */
  weights: readonly [first: number, last: number];
  difficulty: number;
  /** Mean of the natural logarithm of tokens. */
  logInput: number;
  logOutput: number;
  /** Share of its sessions that each model serves. */
  habit: readonly number[];
  /** Share of its sessions that go through the batch API, at half price. */
  batchShare: number;
}

/** A time in which most calls of a model fail, hours since the start. */
export interface PlantedOutage {
  model: number;
  fromHour: number;
  toHour: number;
}

/** A company's traffic as a population of sessions, from which a seed draws a log. Everything about it is known. */
export interface PlantedWorld {
  /** Ascending in price; the last is the strong one. */
  models: readonly PlantedModel[];
  apps: readonly PlantedApp[];
  days: number;
  /** Sessions of a day grow by this share of the first day's from day to day. */
  growth: number;
  /** Mean attempts of a session, retries apart: 1 + geometric. */
  meanSession: number;
  /** Standard deviation of what the requests of one session share, of difficulty, of log tokens and of log latency; and of what they don't. */
  shared: number;
  own: number;
  /** How far a session's true sufficiency lies from what a router can know, as a share of the distance to the nearer of 0 and 1. */
  luck: number;
  /** What the router adds to the log-odds of sufficiency; 0 = it is calibrated. */
  overconfidence: number;
  /** Sufficiency from which the router takes a cheaper model. */
  threshold: number;
  /** What the gateway adds to list prices: a share, and USD a call that is charged. */
  markup: number;
  feeUsd: number;
  /** Standard deviation of a bill around that, as a share of it: half of its variance is shared in a session. */
  billNoise: number;
  /** Share of requests whose prompt comes from a catalogue of so many, with popularity rank^-exponent. */
  repeats: { share: number; prompts: number; exponent: number };
  /** Probability that a call fails, and in an outage of its model. */
  errorRate: number;
  outageErrorRate: number;
  outages: readonly PlantedOutage[];
  /** After a failure: the same model again, the next stronger one (the next weaker for the strong model), else nothing. At most so many attempts. */
  retryShare: number;
  fallbackShare: number;
  mostAttempts: number;
  users: number;
  tenants: readonly string[];
  /** Shares of sessions answered outside the router's pool, and of attempts without a known price. */
  otherShare: number;
  unknownShare: number;
}

/** The world of `npm run bench:coverage`, with the list prices of three models of 2025. */
export const plantedWorld: PlantedWorld = {
  models: [
    {
      model: "gpt-4.1-nano",
      inputUsd: 0.1,
      cacheReadUsd: 0.025,
      outputUsd: 0.4,
      ability: 0.6,
      baseMs: 200,
      tokenMs: 4,
    },
    {
      model: "gpt-4.1-mini",
      inputUsd: 0.4,
      cacheReadUsd: 0.1,
      outputUsd: 1.6,
      ability: 1.8,
      baseMs: 300,
      tokenMs: 7,
    },
    {
      model: "gpt-4.1",
      inputUsd: 2,
      cacheReadUsd: 0.5,
      outputUsd: 8,
      ability: Number.POSITIVE_INFINITY,
      baseMs: 450,
      tokenMs: 12,
    },
  ],
  apps: [
    {
      app: "chat",
      weights: [0.5, 0.4],
      difficulty: -0.6,
      logInput: 5.8,
      logOutput: 5,
      habit: [0.1, 0.3, 0.6],
      batchShare: 0,
    },
    {
      app: "code",
      weights: [0.2, 0.4],
      difficulty: 0.8,
      logInput: 7,
      logOutput: 6,
      habit: [0, 0.2, 0.8],
      batchShare: 0,
    },
    {
      app: "extract",
      weights: [0.3, 0.2],
      difficulty: -1.2,
      logInput: 6.6,
      logOutput: 4,
      habit: [0.3, 0.4, 0.3],
      batchShare: 0.25,
    },
  ],
  days: 28,
  growth: 0.03,
  meanSession: 5,
  shared: 0.8,
  own: 0.5,
  luck: 0.5,
  overconfidence: 0,
  threshold: 0.8,
  markup: 0.055,
  feeUsd: 0.0001,
  billNoise: 0.02,
  repeats: { share: 0.35, prompts: 300, exponent: 1 },
  errorRate: 0.01,
  outageErrorRate: 0.7,
  outages: [
    { model: 2, fromHour: 130, toHour: 142 },
    { model: 2, fromHour: 488, toHour: 494 },
    { model: 1, fromHour: 300, toHour: 320 },
  ],
  retryShare: 0.5,
  fallbackShare: 0.35,
  mostAttempts: 4,
  users: 150,
  tenants: ["free", "paid"],
  otherShare: 0.04,
  unknownShare: 0.01,
};
