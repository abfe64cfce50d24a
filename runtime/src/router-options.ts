import type { CacheRules } from "./cache-decision.js";
import type { CompiledPolicy } from "./compile-policy.js";
import type { DecisionLog } from "./decision-log.js";
import type { Embedder } from "./embedder.js";
import type { Engine } from "./engine.js";

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
  /** Null = fail open: every request goes to the default model. */
  artifact: LoadedArtifact | null;
  /** Overrides the policy's default model; required without an artifact. */
  defaultModel: string;
  log: DecisionLog | null;
  clock: () => Date;
}
