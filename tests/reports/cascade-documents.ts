import type { CascadeResult } from "../../datasets/cascade-result.js";
import type { VerificationResult } from "../../datasets/verification-result.js";
import { type CascadeOptions, simulateCascade } from "../../pipelines/cascade/simulate-cascade.js";
import {
  simulateVerification,
  type VerificationOptions,
} from "../../pipelines/verification/simulate-verification.js";
import { cascadeWorld, replayedWorld } from "../support/cascade-world.js";

const gate = { tpr: 0.92, tnr: 0.85, measuredOn: 200, usd: 0.0001, ms: 120 };

/** A cascade on a planted world, with a gate of known rates. */
export function cascadeDocument(options: CascadeOptions = { gate }): CascadeResult {
  return simulateCascade(replayedWorld(cascadeWorld(5)), options);
}

/** A verification pass on the same world. */
export function verificationDocument(
  options: VerificationOptions = { gate, by: "strong", strongError: 0.02, errorUsd: 5 },
): VerificationResult {
  return simulateVerification(replayedWorld(cascadeWorld(5)), options);
}
