import type { EngineFactory } from "../artifact/load-artifact.js";
import type { DecisionSink } from "../log/decision-log.js";
import type { Reload } from "./reloader.js";

/** How to load an artifact, and what to do when it can't be used. */
export interface LoadBytesOptions {
  /** What to do with an artifact that can't be used: "throw" (default), or "default" = answer every request with
   * `defaultModel` and the reason `artifact_unavailable`. */
  onError?: "throw" | "default";
  /** Model for requests that the router doesn't decide; the policy's default model when absent. */
  defaultModel?: string;
  /** Inference engine; the built-in kernel when absent. */
  engine?: EngineFactory;
  /** Takes the records of `router.record`; nothing is logged when absent. */
  decisionLog?: DecisionSink;
  /** Time of the decision log's records. */
  clock?: () => Date;
  /** Trusted Ed25519 public keys, any of which must have signed the manifest: PEM, or base64 of the 32 raw bytes. No signature is asked
   * for when absent. */
  verify?: string | readonly string[];
  /** Whether to decide golden rows until the code is compiled, at most 60 ms; default true. */
  warmUp?: boolean;
  /** Told of every artifact that was swapped in or refused after the first. */
  onReload?: (reload: Reload) => void;
}
