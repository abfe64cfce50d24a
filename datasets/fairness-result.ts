import type { MisrouteCoverage } from "./misroutes-result.js";
import type { Estimate, Evidence } from "./results.js";

/** results/fairness.json: what routing would do to whom. */
export interface FairnessResult {
  schema_version: 1;
  artifact_id: string;
  /** Quality kept below everyone's by more than this is unfair, as a share of the strong model's quality. */
  margin: number;
  /** A slice with fewer sessions is too small to judge. */
  least_sessions: number;
  /** Null when nothing could be compared. */
  everyone: FairnessFigures | null;
  slices: FairnessSlice[];
  /** Slices that were compared, and for how many intervals hold at once. */
  compared: number;
  method: string;
  /** Labelled attempts that the quality rests on; 0 = all of it is modelled. */
  labelled: number;
  labels_note: string;
  /** Every attempt of the log, in one line each. */
  coverage: MisrouteCoverage[];
  is_simulated: boolean;
  notes: string[];
}

/** What the router would do to a group of attempts. */
export interface FairnessFigures {
  attempts: number;
  sessions: number;
  labelled: number;
  /** Shares of attempts that go to a weaker and to a stronger model than the one that answered. */
  weaker_share: number;
  stronger_share: number;
  evidence: Evidence | "combined";
  /** Quality that the router keeps, relative to the strong model, and what was kept as billed (modelled). */
  retention: Estimate;
  retention_billed: number;
  /** Share of the bill that is saved; null where nothing was billed. */
  saving: Estimate | null;
  saving_usd: number;
  /** Change of the mean latency, milliseconds; null where a model's latency isn't logged. */
  latency_change_ms: Estimate | null;
}

/** Who ends where: worse by more than the margin for sure, not for sure, or not; or too small to say. */
export const FairnessStatus = { behind: "behind", unsure: "unsure", ok: "ok", tooFew: "too_few" } as const;
export type FairnessStatus = (typeof FairnessStatus)[keyof typeof FairnessStatus];

/** One slice, beside everyone. Its intervals hold for all compared slices at once. */
export interface FairnessSlice extends FairnessFigures {
  dimension: string;
  slice: string;
  /** Retention of the slice minus everyone's; null where the slice is too small. */
  gap: Estimate | null;
  status: FairnessStatus;
  /** Shares of all attempts, of all expected quality lost, and of all dollars saved; null where there are none to share. */
  share_of_attempts: number;
  share_of_loss: number | null;
  share_of_saving: number | null;
}
