import type { JudgeReply } from "../judge.js";
import type { LabelItem } from "../label-item.js";
import type { SufficiencyVerdict } from "../read-verdict.js";
import { isSameAnswer, normaliseAnswer } from "./normalise-answer.js";
import { lastNumber, statedNumber } from "./stated-number.js";

/** What can be decided about an answer without a judge. */
export const ExactCheck = {
  empty: "empty",
  refusal: "refusal",
  truncated: "truncated",
  equal: "equal",
  jsonSchema: "json_schema",
  gold: "gold",
  numeric: "numeric",
  codeTests: "code_tests",
} as const;
export type ExactCheck = (typeof ExactCheck)[keyof typeof ExactCheck];

/** A verdict that needed no judge. */
export interface ExactDecision {
  check: ExactCheck;
  verdict: Exclude<SufficiencyVerdict, "cannot_tell">;
  /** The decisive fact, in a few words. */
  reason: string;
}

/** Decide whether a candidate's answer can be sent instead of the logged one, where a fact settles it. Doubt goes to the judge: a
 * fault that both answers share decides nothing, and a number that differs from a logged one, which may itself be wrong, neither.
 * @param reply the candidate's answer, one that came
 * @returns null if no check decides */
export function checkAnswer(item: LabelItem, reply: JudgeReply): ExactDecision | null {
  const pair: Pair = { item, reply, text: reply.text ?? "", reference: item.answer ?? "" };
  for (const check of checks) {
    const decision = check(pair);
    if (decision !== null) return decision;
  }
  return null;
}

interface Pair {
  item: LabelItem;
  reply: JudgeReply;
  text: string;
  reference: string;
}

const checks: ReadonlyArray<(pair: Pair) => ExactDecision | null> = [
  checkDelivery,
  checkEquality,
  checkSchema,
  checkGold,
  checkNumber,
  checkCode,
];

/** An answer that the caller would never have got whole. A cap that labelling itself set proves nothing. */
function checkDelivery({ item, reply, text }: Pair): ExactDecision | null {
  if (reply.finishReason === "refusal")
    return insufficient(ExactCheck.refusal, "the provider marked it as a refusal");
  if (text.trim() === "") return insufficient(ExactCheck.empty, "it is empty");
  if (reply.finishReason === "length" && item.row.max_tokens !== null)
    return insufficient(ExactCheck.truncated, `the caller's cap of ${item.row.max_tokens} tokens cut it`);
  return null;
}

function checkEquality({ reply, text, reference }: Pair): ExactDecision | null {
  return reply.finishReason !== "length" && isSameAnswer(text, reference)
    ? sufficient(ExactCheck.equal, "both answers are the same")
    : null;
}

function checkSchema({ item, text, reference }: Pair): ExactDecision | null {
  const schema = item.checks?.jsonSchema;
  if (!schema || schema.conforms(text) || !schema.conforms(reference)) return null;
  return insufficient(ExactCheck.jsonSchema, "it breaks the request's JSON schema, the other answer doesn't");
}

function checkGold({ item, text, reference }: Pair): ExactDecision | null {
  const gold = item.checks?.gold ?? null;
  if (gold === null) return null;
  if (isSameAnswer(text, gold)) return sufficient(ExactCheck.gold, "it is the known right answer");
  const [right, said] = [statedNumber(gold), statedNumber(text)];
  if (right === null) return null;
  if (isSameNumber(right, said ?? lastNumber(text)))
    return sufficient(ExactCheck.numeric, `it arrives at ${right}, which is right`);
  const isReferenceRight = isSameNumber(right, statedNumber(reference) ?? lastNumber(reference));
  return said !== null && isReferenceRight
    ? insufficient(ExactCheck.numeric, `it says ${said}; ${right} is right`)
    : null;
}

function checkNumber({ item, text, reference }: Pair): ExactDecision | null {
  if ((item.checks?.gold ?? null) !== null) return null;
  const stated = statedNumber(reference);
  return stated !== null && isSameNumber(stated, statedNumber(text))
    ? sufficient(ExactCheck.numeric, `both arrive at ${stated}`)
    : null;
}

function checkCode({ item, text, reference }: Pair): ExactDecision | null {
  const passes = item.checks?.passesTests;
  if (!passes) return null;
  if (passes(normaliseAnswer(text))) return sufficient(ExactCheck.codeTests, "its code passes the tests");
  return passes(normaliseAnswer(reference))
    ? insufficient(ExactCheck.codeTests, "its code fails the tests, the other passes them")
    : null;
}

function isSameNumber(a: number, b: number | null): boolean {
  return b !== null && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
}

function sufficient(check: ExactCheck, reason: string): ExactDecision {
  return { check, verdict: "sufficient", reason };
}

function insufficient(check: ExactCheck, reason: string): ExactDecision {
  return { check, verdict: "insufficient", reason };
}
