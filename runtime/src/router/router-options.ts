import type { CacheRules } from "../cache/cache-decision.js";
import type { Embedder } from "../embed/embedder.js";
import type { ArtifactHolder } from "../life/artifact-holder.js";
import type { KillFile } from "../life/kill-file.js";
import type { ReloadCounts, Reloader } from "../life/reloader.js";
import type { DecisionLog } from "../log/decision-log.js";
import type { Engine } from "../model/engine.js";
import type { RouteRequest } from "../request/request.js";
import type { CompiledPolicy } from "./compile-policy.js";

/** What a router decides with; made by `loadRouter`. */
export interface LoadedArtifact {
  id: string;
  /** Lower-case hexadecimal; tells two artifacts apart, whatever their ids say. */
  manifestSha256: string;
  compiled: CompiledPolicy;
  cache: CacheRules;
  /** The embedder that the cache's thresholds are on, when this package has it. */
  embedder: Embedder | null;
  engine: Engine;
  /** Requests of golden.jsonl. */
  golden: readonly RouteRequest[];
}

/** Counts since the router was made, and its state now. */
export interface RouterStats {
  /** Milliseconds since the router was made. */
  uptimeMs: number;
  /** Id of the artifact in charge, and of the one that `rollback` would put there; null when there is none. */
  artifact: string | null;
  previousArtifact: string | null;
  /** Why the router doesn't decide now: `disabled:env`, `disabled:call`, `disabled:file`, `disabled:policy` or
   * `artifact_unavailable`; null when it does. */
  off: string | null;
  reloads: ReloadCounts;
  decisions: number;
  /** Decisions in which the router didn't choose: switched off, no artifact, or a fault. */
  defaults: number;
  /** Decisions on requests that were seen lately, which spared the model. */
  remembered: number;
  byModel: Record<string, number>;
  /** Faults by stage. */
  errors: Record<string, number>;
  /** Lines of the decision log that were taken, and that were lost. */
  recorded: number;
  lost: number;
}

/** What a router is told besides its artifact. */
export interface RouterOptions<Source> {
  /** Without an artifact in charge the router fails open: every request goes to the default model. */
  artifacts: ArtifactHolder;
  /** Null = the artifact is never replaced. */
  reloader: Reloader<Source> | null;
  killFile: KillFile | null;
  stopWatch: (() => void) | null;
  /** Overrides the policy's default model; null = the policy's. Required while there is no artifact. */
  defaultModel: string | null;
  log: DecisionLog | null;
  clock: () => Date;
}
