import type { GateFacts } from "./cascade-result.js";
import type { Estimate } from "./results.js";

/** results/verification.json: a second look at the answers to requests whose errors are expensive. */
export interface VerificationResult {
  schema_version: 1;
  artifact_id: string;
  strong_model: string | null;
  /** Compared: replayed attempts with a known price and confidence; of them, those with stakes. */
  requests: number;
  sessions: number;
  stakes_requests: number;
  stakes_share: Estimate | null;
  verifier: {
    /** gate: at its price a look; strong: the strong model, at a share of what its answer costs. */
    by: "gate" | "strong";
    usd: number | null;
    pass_share: number | null;
    gate: GateFacts | null;
    gate_missing: string | null;
  };
  /** USD of the pass; of asking the strong model again after alarms; both. null = unknown. */
  pass_usd: Estimate | null;
  repair_usd: Estimate | null;
  usd: Estimate | null;
  usd_per_stakes_request: Estimate | null;
  /** Of what the router's choices cost, all compared attempts together. */
  share_of_bill: Estimate | null;
  /** Share of the strong model's own answers that are wrong, as the user says; null = unknown, and only what is worse than it counts. */
  strong_error: number | null;
  /** Answers with stakes that are expected to be worse than the strong model's; caught, let through, and good ones that raise an alarm. */
  errors: Estimate | null;
  caught: Estimate | null;
  missed: Estimate | null;
  false_alarms: Estimate | null;
  /** USD that an uncaught error must cost for the pass to pay. */
  break_even_error_usd: Estimate | null;
  /** What the user says that an error costs, and what the pass is worth then, USD. */
  error_usd: number | null;
  net_usd: Estimate | null;
  verdict: string;
  /** The other use of the money: send those requests to the strong model at once. */
  strong_instead: { usd: Estimate | null; prevented: Estimate | null; usd_per_prevented: Estimate | null };
  /** The pass as what lets a cheaper model answer them: change of the cost and of the errors against the router without any pass, and the harm
   * of an error up to which that pays, USD; null where it does not trade errors for money. */
  cheap_and_verified: {
    model: string | null;
    usd: Estimate | null;
    more_errors: Estimate | null;
    pays_up_to_error_usd: Estimate | null;
  };
  by_model: VerificationByModel[];
  coverage: Array<{ evidence: "replayed" | "measured" | "unknown"; requests: number; usd: number }>;
  is_simulated: boolean;
  notes: string[];
}

/** The requests with stakes that the router sends to one model. */
export interface VerificationByModel {
  model: string;
  requests: number;
  /** Null while the gate's price is unknown. */
  pass_usd: number | null;
  errors: number;
  caught: number | null;
  /** Null where nothing is caught, or the verifier's rates are unknown. */
  break_even_error_usd: number | null;
}
