import type { JudgeCall, JudgeReply } from "./judge.js";

/** Whether a reply was cut by a cap that may be raised: once, and only where half an answer is none. */
export function isCutShort(call: JudgeCall, reply: JudgeReply): boolean {
  return reply.error === null && reply.finishReason === "length" && call.retryTokens !== undefined;
}

/** A cut reply as the failure that it is, with what it cost. */
export function asCutFailure(reply: JudgeReply): JudgeReply {
  return { ...reply, text: null, error: "truncated" };
}

/** The same call with more room. */
export function withMoreRoom(call: JudgeCall): JudgeCall {
  return { ...call, maxTokens: call.retryTokens ?? call.maxTokens };
}
