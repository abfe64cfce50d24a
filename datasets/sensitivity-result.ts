import type { CoverageLine } from "./coverage-line.js";
import type { Estimate, Evidence } from "./results.js";

/** results/sensitivity.json: what the router's saving and quality come to when an assumption is wrong, and how wrong it may be. */
export interface SensitivityResult {
  schema_version: 1;
  artifact_id: string;
  /** Replayed attempts and their sessions. */
  requests: number;
  sessions: number;
  /** Nothing changed. Null where nothing was replayed. */
  base: {
    billed_usd: number;
    routed_usd: number;
    saving: Estimate | null;
    retention: Estimate | null;
    /** Retention that the policy promises. */
    promise: number;
  } | null;
  /** One assumption each, all others as they are, widest swing of the saving first; those of quality after those of the saving. */
  lines: SensitivityLine[];
  mix: MixDrift | null;
  /** "The saving stays positive unless ..." */
  sentence: string;
  coverage: CoverageLine[];
  is_simulated: boolean;
  notes: string[];
}

/** One assumption at its two ends. */
export interface SensitivityLine {
  kind:
    | "price"
    | "output_length"
    | "input_tokens"
    | "mix"
    | "halves"
    | "without_app"
    | "judge"
    | "calibration";
  /** Which figure moves. */
  figure: "saving" | "retention";
  label: string;
  assumption: string;
  evidence: Evidence;
  /** The ends in order of the figure; null where they can't be known, and `unknown` says why. */
  low: SensitivityEnd | null;
  high: SensitivityEnd | null;
  unknown: string | null;
  /** Where the saving vanishes, or quality falls to the promise: exact; null where it never does, or isn't known. */
  break_even: { at: number; text: string } | null;
}

/** The figure at one end of an assumption. */
export interface SensitivityEnd {
  /** "-20 %", "x 0.5", "first half". */
  at: string;
  figure: Estimate;
  /** Saving if the router's order of models by cost is made anew; null where the order stays. */
  remade_saving: number | null;
}

/** How the saving depends on what the traffic consists of. */
export interface MixDrift {
  /** App and tier together; those with fewer than 30 attempts are one. */
  strata: number;
  /** Worst mix within each distance: exact, no interval. */
  worst: Array<{
    /** Total variation: share of the traffic that changes its app or tier. */
    radius: number;
    saving: number | null;
    retention: number | null;
    /** Stratum that the traffic moves to for the worst saving. */
    towards: { app: string; tier: number | null } | null;
  }>;
  /** Distance between the mixes of the log's first and second half of attempts: what drift was like. */
  observed_distance: number;
  halves: SavingInTime[];
  /** Weeks from Monday UTC, the last 26. */
  weeks: SavingInTime[];
  /** The saving without each of the 20 largest apps by bill. */
  without_app: Array<{ app: string; requests: number; saving: Estimate | null }>;
}

/** A saving in a part of the time. */
export interface SavingInTime {
  /** Day of its first attempt, UTC. */
  from: string;
  requests: number;
  billed_usd: number;
  saving: Estimate | null;
}
