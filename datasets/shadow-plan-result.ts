/** Pairs and time that one kind of test takes. */
export interface PlannedTest {
  test: "fixed" | "e_process" | "sequence";
  /** Judged pairs until it certifies with the power; null = never. */
  pairs: number | null;
  /** Days until then at the rate; null = never, or the traffic is unknown. */
  days: number | null;
}

/** Price of a kind of call; what has no known price is counted, never 0. */
export interface PlannedCost {
  model: string | null;
  calls: number;
  usd: number | null;
  /** Share of the logged requests that the price could be worked out for. */
  priced_share: number;
}

/** results/shadow_plan.json: what a response shadow would take, before it starts. `shadow analyze` reads its design. */
export interface ShadowPlanResult {
  schema_version: 1;
  margin: number;
  alpha: number;
  power: number;
  rate: number;
  discordance: number;
  discordance_source: string;
  icc: number;
  icc_source: string;
  design_effect: number;
  session_cap: number;
  /** Share of pairs within the session cap. */
  kept_share: number;
  traffic: {
    requests: number;
    sessions: number;
    days: number;
    requests_per_day: number;
    pairs_per_day: number;
    mean_session: number;
  };
  tests: PlannedTest[];
  /** Margins that each test can certify within so many days. */
  reachable: Array<{
    days: number;
    pairs: number;
    fixed: number | null;
    e_process: number | null;
    sequence: number | null;
  }>;
  /** For the pairs of the e-process. */
  shadow_calls: PlannedCost;
  judging: PlannedCost;
  /** What to make of it, in plain words. */
  advice: string[];
  is_certifiable: boolean;
}
