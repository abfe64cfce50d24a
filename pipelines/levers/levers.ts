/** Parts of what levers change, as bits: any set of them gives each attempt one cost. A lever is one part or several. */
export const Part = {
  exactCache: 1,
  /** The router's model instead of the one that answered. */
  route: 2,
  /** A model that hasn't read the conversation has not cached it. */
  loseCache: 4,
  routerFee: 8,
  cascade: 16,
  promptCache: 32,
  markup: 64,
  batch: 128,
  oversize: 256,
  retries: 512,
} as const;

/** Name of a lever. */
export type LeverName = keyof typeof levers;

/** Every lever: its parts, and whether it says how much there is to look at rather than what a known change would save. */
export const levers = {
  exact_cache: { label: "Exact cache", parts: Part.exactCache, isUpperBound: false },
  router: { label: "Router", parts: Part.route | Part.loseCache | Part.routerFee, isUpperBound: false },
  cascade: { label: "Cascade", parts: Part.cascade | Part.loseCache, isUpperBound: false },
  prompt_cache: { label: "Prompt caching of follow-ups", parts: Part.promptCache, isUpperBound: false },
  markup: { label: "No gateway mark-up", parts: Part.markup, isUpperBound: false },
  batch: { label: "Batch at the batch price", parts: Part.batch, isUpperBound: true },
  oversize: { label: "Oversize prompts trimmed", parts: Part.oversize, isUpperBound: true },
  retries: { label: "No superseded attempts", parts: Part.retries, isUpperBound: true },
} as const satisfies Record<string, { label: string; parts: number; isUpperBound: boolean }>;

/** Names of all levers. */
export const leverNames = Object.keys(levers) as LeverName[];

/** The levers of the waterfall unless others are named: what answers first stands first, and batch, an upper bound, last, so that the
 * spend before it is the projection without it. Trimming and retries have no known change behind them and stand alone. */
export const defaultOrder: readonly LeverName[] = [
  "exact_cache",
  "router",
  "cascade",
  "prompt_cache",
  "markup",
  "batch",
];
