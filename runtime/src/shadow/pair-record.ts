import type { Answer } from "../adapters/answer.js";
import { sha256Hex } from "../hash/sha256.js";
import { numbersOf } from "../log/decision-record.js";
import { type Fields, formatOf } from "../request/request-fields.js";
import type { Decision } from "../router/decision.js";
import type { OtherAnswer } from "./call-other.js";
import type { PairSides } from "./pair-sides.js";
import type { ShadowContent } from "./shadow-content.js";
import type { ShadowOffer } from "./shadow-offer.js";
import {
  SHADOW_PAIR_VERSION,
  type ShadowPairRecord,
  type ShadowSide,
  type ShadowStatus,
} from "./shadow-pair.js";

/** What one record is made of. */
export interface PairFacts {
  offer: ShadowOffer;
  sides: PairSides;
  status: ShadowStatus;
  /** Null when the other model wasn't called. */
  other: OtherAnswer | null;
  content: ShadowContent;
  pairId: string;
  /** Designed share of sessions. */
  rate: number;
  now: Date;
}

/** Make the record of one sampled request. */
export function makePairRecord(facts: PairFacts): ShadowPairRecord {
  const { offer, sides, status, content, pairId, rate, now } = facts;
  const { decision } = offer;
  return {
    v: SHADOW_PAIR_VERSION,
    ts: now.toISOString(),
    pair_id: pairId,
    request_id: decision.requestId,
    session_hash: decision.sessionHash,
    bucket: decision.shadow.bucket,
    rate,
    artifact: decision.artifact,
    status,
    served: sides.served,
    ...sidesOf(facts),
    slices: decision.slices,
    content_ref: content.ref,
    content: content.kept,
  };
}

/** First 24 hex digits of sha256(artifact:request_id). */
export function pairIdOf({ artifact, requestId }: Decision): string {
  return sha256Hex(`${artifact}:${requestId}`).slice(0, 24);
}

function sidesOf({ offer, sides, other }: PairFacts): Pick<ShadowPairRecord, "baseline" | "candidate"> {
  const { served, body, mode } = offer;
  const servedSide = sideOf(served.model, served, body);
  const otherSide = other === null ? null : sideOf(sides.other, { ...other, ttftMs: null }, body);
  if (mode === "observe") return { baseline: servedSide, candidate: otherSide };
  if (served.model === sides.candidate) {
    return { baseline: otherSide ?? emptySide(sides.baseline), candidate: servedSide };
  }
  const first = served.attempts.find(({ model }) => model === sides.candidate);
  const { error_class = null, latency_ms = null } = first ?? {};
  return {
    baseline: sides.served === "baseline" ? servedSide : emptySide(sides.baseline),
    candidate: { ...emptySide(sides.candidate), error: error_class, error_class, latency_ms },
  };
}

type SideFacts = Pick<ShadowOffer["served"], "answer" | "ttftMs" | "error" | "errorClass"> & {
  latencyMs: number | null;
};

function sideOf(
  model: string,
  { answer, latencyMs, ttftMs, error, errorClass }: SideFacts,
  body: Fields,
): ShadowSide {
  return {
    model,
    usage: numbersOf(answer?.usage, 3),
    latency_ms: latencyMs,
    ttft_ms: ttftMs,
    finish_reason: answer?.finishReason ?? null,
    error,
    error_class: errorClass,
    is_refusal: answer?.isRefusal ?? null,
    is_valid_json: error === null && answer !== null ? isValidJson(answer, body) : null,
  };
}

function emptySide(model: string): ShadowSide {
  return sideOf(model, { answer: null, latencyMs: null, ttftMs: null, error: null, errorClass: null }, {});
}

/** Null where no JSON was demanded, or a tool is called in its place. */
function isValidJson({ text }: Answer, body: Fields): boolean | null {
  const { type } = formatOf(body);
  if ((type !== "json_object" && type !== "json_schema") || text === null || text.includes("[tool] "))
    return null;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
