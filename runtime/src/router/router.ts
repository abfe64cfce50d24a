import type { CachePolicy, Policy } from "../artifact/artifact.js";
import { type CacheAnswer, decideCache, defaultSegment } from "../cache/cache-decision.js";
import { type CacheKey, type CacheKeyOptions, cacheKey } from "../cache/cache-key.js";
import { CacheReason } from "../cache/cache-reason.js";
import { NeverCache } from "../cache/cacheability.js";
import type { CacheQuestion } from "../cache/read-cache-question.js";
import type { Embedder } from "../embed/embedder.js";
import { capText, textCap } from "../features/normalise-text.js";
import { sha256Hex } from "../hash/sha256.js";
import type { Reload, ReloadCounts } from "../life/reloader.js";
import { type CallResult, makeRecord } from "../log/decision-record.js";
import { type ReadRequest, readRequest } from "../request/read-request.js";
import type { RouteRequest } from "../request/request.js";
import { type DecisionTrace, decideRequest } from "./decide-request.js";
import { type Decision, Reason } from "./decision.js";
import { fallbacksAfter } from "./fallbacks-after.js";
import { isDisabledByEnv } from "./is-disabled-by-env.js";
import { readFinite, readSlices } from "./read-wishes.js";
import type { LoadedArtifact, RouterOptions, RouterStats } from "./router-options.js";
import { SessionMemory } from "./session-memory.js";
import { sampleShadow } from "./shadow-sample.js";

const sessionsRemembered = 10_000;
const noShadow: Policy["shadow"] = { rate: 0, salt: "" };
const noReloads: ReloadCounts = { ok: 0, refused: 0, lastError: null };
const undecided = {
  tier: null,
  stakes: null,
  confidence: 0,
  escalated: false,
  verify: false,
  rule: null,
  arm: "router",
  explored: false,
  propensity: 1,
  expectedCostUsd: null,
  sufficiency: {},
  score: null,
  threshold: null,
  ood: null,
  probabilities: [],
} as const;

/** Decides which model answers a request. No method throws: a fault gives the default model and is counted. */
export class Router<Source = never> {
  private readonly options: RouterOptions<Source>;
  private readonly started = performance.now();
  private readonly sessions = new SessionMemory(sessionsRemembered);
  private readonly counts = {
    decisions: 0,
    defaults: 0,
    remembered: 0,
    byModel: new Map<string, number>(),
    errors: new Map<string, number>(),
  };
  private isDisabled = false;
  private retention: number | null = null;

  constructor(options: RouterOptions<Source>) {
    this.options = options;
  }

  /** Id of the artifact in charge; null when the router has none and fails open. */
  get artifact(): string | null {
    return this.options.artifacts.current?.id ?? null;
  }

  /** Makes the vectors that cached prompts are compared by; null when the artifact's cache was calibrated with an embedder that the
   * caller must bring, or not at all. */
  get embedder(): Embedder | null {
    return this.options.artifacts.current?.embedder ?? null;
  }

  /** What cache.json says: score, embedder, life of an entry, thresholds. Null without an artifact. */
  get cachePolicy(): Readonly<CachePolicy> | null {
    return this.options.artifacts.current?.cache.policy ?? null;
  }

  /** What policy.json says; null without an artifact. */
  get policy(): Readonly<Policy> | null {
    return this.options.artifacts.current?.compiled.policy ?? null;
  }

  /** Choose a model for a request. Synchronous; see `Decision`. */
  decide(request: RouteRequest): Decision {
    const started = performance.now();
    const decision = this.decideOrDefault(request);
    decision.tookUs = Math.round((performance.now() - started) * 1e4) / 10;
    this.counts.decisions += 1;
    addOne(this.counts.byModel, decision.model);
    return decision;
  }

  /** Under what to keep a request's answer, and whether to; see `cacheKey`. Works while the router is switched off, too. */
  cacheKey(request: RouteRequest, options?: CacheKeyOptions): CacheKey {
    const key = cacheKey(request, options);
    if (key.reasons.includes(NeverCache.unreadable)) addOne(this.counts.errors, "cache");
    return key;
  }

  /** Whether a cached answer may be served for a prompt; see `decideCache`. Synchronous; a fault gives `abstain`. */
  cacheDecision(question: CacheQuestion): CacheAnswer {
    try {
      const artifact = this.options.artifacts.current;
      if (artifact === null || this.whyOff(artifact) !== null) return abstain(CacheReason.disabled);
      return decideCache(artifact.cache, question, this.options.clock().getTime());
    } catch {
      addOne(this.counts.errors, "cache");
      return abstain(CacheReason.error);
    }
  }

  /** Log a decision and what came of the call. Returns at once; lines are written in the background. */
  record(decision: Decision, result: CallResult = {}): void {
    try {
      const { log, clock } = this.options;
      log?.write(makeRecord(decision, result, { now: clock(), defaultModel: this.defaultModel() }));
    } catch {
      addOne(this.counts.errors, "record");
    }
  }

  /** Set the budget dial for requests that name no retention of their own: the loosest point that promises it is in force.
   * @param retention null, or what is no finite number, = as the policy has it */
  setRetention(retention: number | null): void {
    this.retention = readFinite(retention);
  }

  /** Models to try after a failure of this class; see `fallbacksAfter`. An empty list after a decision that isn't one. */
  fallbacksAfter(decision: Decision, errorClass: string, tried?: readonly string[]): string[] {
    try {
      return fallbacksAfter(this.options.artifacts.current?.compiled ?? null, decision, errorClass, tried);
    } catch {
      addOne(this.counts.errors, "fallbacks");
      return [];
    }
  }

  /** Send every request to the default model until `enable`. */
  disable(): void {
    this.isDisabled = true;
  }

  enable(): void {
    this.isDisabled = false;
  }

  /** Load the artifact again, or another one, and let it decide if it passes every check; the one that was in charge stays for `rollback`.
   * Looks for the kill file, too. Never rejects: what can't be used is refused and counted, and the old artifact goes on. */
  async reload(source?: Source): Promise<Reload> {
    const { reloader, killFile, artifacts } = this.options;
    await killFile?.check();
    const unchanged = { outcome: "unchanged", artifact: artifacts.current?.id ?? null, error: null } as const;
    return (await reloader?.reload({ source, onDemand: true })) ?? unchanged;
  }

  /** Put the previous artifact in charge again, at once. The one that was left isn't loaded again by a watch, until `reload`.
   * @returns whether there was a previous one */
  rollback(): boolean {
    return this.options.artifacts.rollBack();
  }

  /** Stop watching files and write out the log. The router goes on deciding. */
  async close(): Promise<void> {
    this.options.killFile?.close();
    this.options.stopWatch?.();
    await this.flush();
  }

  stats(): RouterStats {
    const { artifacts, reloader } = this.options;
    const { recorded, lost } = this.options.log?.counts() ?? { recorded: 0, lost: 0 };
    const { decisions, defaults, remembered, byModel, errors } = this.counts;
    return {
      uptimeMs: Math.round(performance.now() - this.started),
      artifact: this.artifact,
      previousArtifact: artifacts.previous?.id ?? null,
      off: this.whyOff(artifacts.current),
      reloads: { ...(reloader?.counts ?? noReloads) },
      decisions,
      defaults,
      remembered,
      byModel: Object.fromEntries(byModel),
      errors: Object.fromEntries(errors),
      recorded,
      lost,
    };
  }

  /** Wait until the records taken so far are written or lost; call it before the process ends. */
  async flush(): Promise<void> {
    await this.options.log?.flush();
  }

  private decideOrDefault(request: RouteRequest): Decision {
    const trace: DecisionTrace = { stage: "switch", isRemembered: false };
    let identity: Identity = unknownIdentity();
    const artifact = this.options.artifacts.current;
    try {
      const off = this.whyOff(artifact);
      trace.stage = "read";
      const read = readRequest(request);
      trace.stage = "shadow";
      identity = identify(artifact, request, read);
      if (off !== null || artifact === null) return this.defaultDecision(identity, off!);
      const decision = decideRequest(request, read, {
        artifact,
        identity,
        unit: () => unitOf(read),
        sessions: this.sessions,
        retention: this.retention,
        defaultModel: this.defaultModel(),
        clock: this.options.clock,
        trace,
      });
      if (trace.isRemembered) this.counts.remembered += 1;
      return decision;
    } catch {
      addOne(this.counts.errors, trace.stage);
      return this.defaultDecision(identity, `${Reason.error}:${trace.stage}`);
    }
  }

  /** Why the router may not decide; null when it may. */
  private whyOff(artifact: LoadedArtifact | null): string | null {
    if (isDisabledByEnv()) return `${Reason.disabled}:env`;
    if (this.isDisabled) return `${Reason.disabled}:call`;
    if (this.options.killFile?.isThere() === true) return `${Reason.disabled}:file`;
    if (artifact === null) return Reason.artifactUnavailable;
    return artifact.compiled.policy.enabled ? null : `${Reason.disabled}:policy`;
  }

  private defaultDecision(identity: Identity, reason: string): Decision {
    this.counts.defaults += 1;
    return {
      ...identity,
      ...undecided,
      sufficiency: {},
      probabilities: [],
      model: this.defaultModel(),
      fallbacks: [],
      reasons: [reason],
      cache: { segment: defaultSegment, minSimilarity: null, minScore: null },
      artifact: this.artifact,
      tookUs: 0,
    };
  }

  private defaultModel(): string {
    return this.options.defaultModel ?? this.options.artifacts.current!.compiled.policy.default_model;
  }
}

type Identity = Pick<Decision, "requestId" | "sessionHash" | "shadow" | "slices">;

function unknownIdentity(): Identity {
  return {
    requestId: crypto.randomUUID(),
    sessionHash: null,
    shadow: { sampled: false, bucket: 0 },
    slices: {},
  };
}

function identify(artifact: LoadedArtifact | null, request: RouteRequest, read: ReadRequest): Identity {
  const { salt, rate } = artifact?.compiled.policy.shadow ?? noShadow;
  const { sampled, bucket, unitHash } = sampleShadow({ salt, rate, unit: unitOf(read) });
  return {
    requestId: read.requestId ?? crypto.randomUUID(),
    sessionHash: read.sessionId === null ? null : unitHash,
    shadow: { sampled, bucket },
    slices: readSlices(request),
  };
}

function abstain(reason: CacheReason): CacheAnswer {
  return { decision: "abstain", reason, index: null, score: null, minScore: null };
}

/** What is sampled and drawn: the session, else the request. */
function unitOf(read: ReadRequest): string {
  return read.sessionId ?? read.requestId ?? hashText(read.userText);
}

/** Hash of a text's ends: a long prompt must not cost milliseconds. */
function hashText(text: string): string {
  return sha256Hex(capText(text, textCap));
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
