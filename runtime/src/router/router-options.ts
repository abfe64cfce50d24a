import type { CacheRules } from "../cache/cache-decision.js";
import type { Embedder } from "../embed/embedder.js";
import type { DecisionLog } from "../log/decision-log.js";
import type { Engine } from "../model/engine.js";
import type { ArtifactHolder } from "./artifact-holder.js";
import type { CompiledPolicy } from "./compile-policy.js";

/** What a router decides with; made by `loadRouter`. */
export interface LoadedArtifact {
  id: string;
  compiled: CompiledPolicy;
  cache: CacheRules;
  /** The embedder that the cache's thresholds are on, when this package has it. */
  embedder: Embedder | null;
  engine: Engine;
}

/** Counts since the router was made. */
export interface RouterStats {
  decisions: number;
  /** Decisions in which the router didn't choose: switched off, no artifact, or a fault. */
  defaults: number;
  byModel: Record<string, number>;
  /** Faults by stage. */
  errors: Record<string, number>;
  /** Lines of the decision log that were taken, and that were lost. */
  recorded: number;
  lost: number;
}

/** What a router is told besides its artifact. */
export interface RouterOptions {
  /** Without an artifact in charge the router fails open: every request goes to the default model. */
  artifacts: ArtifactHolder;
  /** Overrides the policy's default model; null = the policy's. Required while there is no artifact. */
  defaultModel: string | null;
  log: DecisionLog | null;
  clock: () => Date;
}
