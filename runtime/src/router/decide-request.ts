import type { CachePolicy } from "../artifact/artifact.js";
import { defaultSegment, minScoreOf, segmentRule } from "../cache/cache-decision.js";
import { clampDense } from "../features/clamp-dense.js";
import { featuriseRead } from "../features/featurise.js";
import type { ReadRequest } from "../request/read-request.js";
import type { RouteRequest } from "../request/request.js";
import { type Choice, chooseOnEvidence } from "./choose-model.js";
import type { Decision } from "./decision.js";
import { EvidenceMemory } from "./evidence-memory.js";
import { placeTurn } from "./place-turn.js";
import { readWishes } from "./read-wishes.js";
import { gatherEvidence, isFinitePrediction, type RequestEvidence } from "./request-evidence.js";
import type { LoadedArtifact } from "./router-options.js";
import type { SessionMemory } from "./session-memory.js";
import { holdAfter, type SettledSession, settleSession } from "./settle-session.js";

/** Where a decision is, for the count of faults. */
export interface DecisionTrace {
  stage: "switch" | "read" | "shadow" | "featurise" | "predict" | "choose" | "session" | "explore" | "cache";
  /** Whether the evidence was at hand already. */
  isRemembered: boolean;
}

/** What a decision knows beside the request. */
export interface DecisionContext {
  artifact: LoadedArtifact;
  identity: Pick<Decision, "requestId" | "sessionHash" | "shadow" | "slices">;
  /** What exploration and the ramp draw for: the session, else the request. Only asked where the policy has one of them. */
  unit: () => string;
  sessions: SessionMemory;
  /** The router's own setting of the dial; null = the policy's. */
  retention: number | null;
  defaultModel: string;
  clock: () => Date;
  /** Kept up to date; a fault is counted under its stage. */
  trace: DecisionTrace;
}

/** Decide a request that was read: evidence, choice, session, exploration, ramp, in this order. */
export function decideRequest(request: RouteRequest, read: ReadRequest, context: DecisionContext): Decision {
  const { artifact, identity, trace } = context;
  const { compiled } = artifact;
  trace.stage = "read";
  const wishes = readWishes(request, context.retention);
  const evidence = recallEvidence(artifact, read, trace);
  trace.stage = "choose";
  const choice = chooseOnEvidence(compiled, read, evidence, wishes);
  trace.stage = "session";
  const settled = settleTurn(read, choice, context);
  trace.stage = "explore";
  const placed = placeTurn(
    { read, wishes, choice, settled },
    { compiled, unit: context.unit, defaultModel: context.defaultModel },
  );
  trace.stage = "cache";
  const cache = cacheRule(artifact.cache.policy, request);
  // Written out: spreading and picking cost more than the inference of a short prompt.
  return {
    requestId: identity.requestId,
    sessionHash: identity.sessionHash,
    model: placed.model,
    fallbacks: placed.fallbacks,
    tier: choice.tier,
    stakes: choice.stakes,
    confidence: choice.confidence,
    escalated: choice.escalated || settled.rank > choice.rank,
    verify: choice.stakes === true,
    rule: choice.rule,
    arm: placed.arm,
    explored: placed.explored,
    propensity: placed.propensity,
    expectedCostUsd: placed.expectedCostUsd,
    reasons: placed.reasons,
    sufficiency: choice.sufficiency,
    score: choice.score,
    threshold: choice.threshold,
    ood: choice.ood,
    probabilities: Array.from(evidence.probabilities),
    cache,
    shadow: identity.shadow,
    slices: identity.slices,
    artifact: artifact.id,
    tookUs: 0,
  };
}

/** One memory per artifact: it is dropped with it. */
const memories = new WeakMap<LoadedArtifact, EvidenceMemory>();

function recallEvidence(artifact: LoadedArtifact, read: ReadRequest, trace: DecisionTrace): RequestEvidence {
  trace.stage = "featurise";
  const memory = memoryOf(artifact);
  const key = memory?.keyOf(read) ?? null;
  const known = key === null ? undefined : memory!.get(key, read);
  if (known !== undefined) {
    trace.isRemembered = true;
    return known;
  }
  const features = featuriseRead(read);
  trace.stage = "predict";
  const prediction = artifact.engine.predict(clampDense(artifact.compiled.policy, features));
  if (!isFinitePrediction(prediction)) throw new RangeError("a prediction is not finite");
  trace.stage = "choose";
  const evidence = gatherEvidence(artifact.compiled, read, features, prediction);
  if (key !== null) memory!.set(key, read, evidence);
  return evidence;
}

function memoryOf(artifact: LoadedArtifact): EvidenceMemory | null {
  if (artifact.engine.isDeterministic !== true) return null;
  let memory = memories.get(artifact);
  if (memory === undefined) {
    memory = new EvidenceMemory();
    memories.set(artifact, memory);
  }
  return memory;
}

function settleTurn(read: ReadRequest, choice: Choice, context: DecisionContext): SettledSession {
  const { artifact, sessions, clock } = context;
  if (read.sessionId === null) return settleSession(artifact.compiled, read, choice, undefined, 0);
  const now = clock().getTime();
  const held = sessions.get(read.sessionId);
  const settled = settleSession(artifact.compiled, read, choice, held, now);
  sessions.set(read.sessionId, holdAfter(artifact.compiled, choice, settled.rank, held, now));
  return settled;
}

/** Segment of the request and what a cached answer needs in it. */
function cacheRule(policy: CachePolicy, request: RouteRequest): Decision["cache"] {
  const wanted = request?.meta?.segment;
  const segment =
    typeof wanted === "string" && Object.hasOwn(policy.segments, wanted) ? wanted : defaultSegment;
  const minScore = minScoreOf(segmentRule(policy, segment));
  return { segment, minSimilarity: policy.score === "cosine" ? minScore : null, minScore };
}
