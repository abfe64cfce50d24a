import type { Evidence } from "./results.js";

/** A part of the log by how its cost under the router is known. The lines of a log hold every attempt once. */
export interface CoverageLine {
  evidence: Evidence;
  /** Whether the router decided these attempts. */
  is_replayed: boolean;
  requests: number;
  /** Shares of all attempts and of all known dollars. */
  share_of_requests: number;
  usd: number;
  share_of_usd: number;
  note: string;
}
