import { hashUnit } from "./hash-unit.js";
import type { SyntheticWorld } from "./traffic.js";

/** How often the simulated judge is right, so that whatever corrects for a judge's errors has a known answer. */
export interface JudgeSkill {
  world: SyntheticWorld;
  /** P(says sufficient | the judged answer is not worse than the other), and P(says same | the cached answer serves the request). */
  tpr: number;
  /** P(says insufficient | the judged answer is worse than the other), and P(says different | the cached answer does not serve). */
  tnr: number;
  /** P(names the true tier); also P(names the true stakes). */
  tierAccuracy: number;
  /** Share of pairs on which it prefers whatever answer comes first, so that the two orders contradict each other. */
  positionBias: number;
  seed: number;
}

/** A chat message as the OpenAI protocol carries it. */
export interface ChatMessage {
  role: string;
  content: string;
}

/** Answer a judge prompt, recognised by the name of the schema that it demands: `tier`, `sufficiency`, `cache_pair` or `shadow_pair`. Every
 * verdict is a fixed function of the seed, the planted truth and the texts. Asked about texts that are not of its world it can't tell.
 * @returns the verdict's JSON text, or null when the schema is none of them */
export function simulateVerdict(
  skill: JudgeSkill,
  schemaName: string,
  messages: readonly ChatMessage[],
): string | null {
  const prompt = messages.findLast(({ role }) => role === "user")?.content ?? "";
  const blocks = readBlocks(prompt);
  if (schemaName === "tier") return JSON.stringify(tierVerdict(skill, blocks.REQUEST ?? ""));
  if (schemaName === "sufficiency") return JSON.stringify(sufficiencyVerdict(skill, blocks, prompt));
  if (schemaName === "cache_pair") return JSON.stringify(pairVerdict(skill, blocks, prompt));
  if (schemaName === "shadow_pair") return JSON.stringify(preferenceVerdict(skill, blocks));
  return null;
}

/** The nonce-delimited blocks of a judge prompt by name. */
function readBlocks(prompt: string): Record<string, string> {
  const pattern = /<<<([A-Z0-9_]+) ([0-9a-f]+)>>>\n([\s\S]*?)\n?<<<END \1 \2>>>/g;
  return Object.fromEntries([...prompt.matchAll(pattern)].map(([, name, , text]) => [name!, text!]));
}

function tierVerdict({ world, tierAccuracy, seed }: JudgeSkill, request: string): object {
  const truth = world.truthOf(request);
  if (!truth)
    return { rationale: "Simulated: this request is not of my world.", tier: "cannot_tell", stakes: false };
  const { difficulty, isStakes, signature } = truth;
  const neighbour = difficulty === 1 ? (hashUnit(seed, "side", signature) < 0.5 ? 0 : 2) : 1;
  const tier = hashUnit(seed, "tier", signature) < tierAccuracy ? difficulty : neighbour;
  const stakes = hashUnit(seed, "stakes", signature) < tierAccuracy ? isStakes : !isStakes;
  return { rationale: `Simulated: reads like tier ${tier}.`, tier: String(tier), stakes };
}

function sufficiencyVerdict(skill: JudgeSkill, blocks: Record<string, string>, prompt: string): object {
  const { world, tpr, tnr, positionBias, seed } = skill;
  const judgedNo = /^Judged answer: ([12])$/m.exec(prompt)?.[1] === "1" ? 1 : 2;
  const answers = { 1: blocks.ANSWER_1 ?? "", 2: blocks.ANSWER_2 ?? "" };
  const judged = answers[judgedNo];
  const other = answers[judgedNo === 1 ? 2 : 1];
  const request = blocks.REQUEST ?? "";
  const grade = world.gradeAnswer(request, judged);
  const otherGrade = world.gradeAnswer(request, other);
  if (grade === null || otherGrade === null)
    return { rationale: "Simulated: this request is not of my world.", verdict: "cannot_tell" };
  const isNotWorse = judged === other || grade >= otherGrade;
  const pair = [request, ...[judged, other].sort()];
  const isFooled = hashUnit(seed, "position", ...pair) < positionBias;
  const isRight = hashUnit(seed, "verdict", ...pair) < (isNotWorse ? tpr : tnr);
  const isSufficient = isFooled ? judgedNo === 1 : isRight === isNotWorse;
  return {
    rationale: "Simulated: compared with the planted truth.",
    verdict: isSufficient ? "sufficient" : "insufficient",
  };
}

/** The truth of a pair: the cached answer is the reference to the letter, or adequate to a request of the world. A judge with a position bias
 * is taken in by some pairs when it reads what is cached first. */
function pairVerdict(skill: JudgeSkill, blocks: Record<string, string>, prompt: string): object {
  const { world, tpr, tnr, positionBias, seed } = skill;
  const { REQUEST: request = "", REFERENCE: reference, CACHED_ANSWER: cached = "" } = blocks;
  const grade = world.gradeAnswer(request, cached);
  if (reference === undefined && grade === null)
    return { rationale: "Simulated: this request is not of my world.", verdict: "cannot_tell" };
  const isServed = cached === reference || grade === 2;
  const isCachedFirst = prompt.indexOf("<<<CACHED_ANSWER") < prompt.indexOf("<<<REQUEST");
  const isFooled = isCachedFirst && hashUnit(seed, "position", request, cached) < positionBias;
  const isRight = hashUnit(seed, "pair", request, cached) < (isServed ? tpr : tnr);
  return {
    rationale: "Simulated: compared with the planted truth.",
    verdict: isFooled || isRight === isServed ? "same" : "different",
  };
}

/** The truth of two answers: the better grade wins, and an adequate one serves. A judge with a position bias prefers the first answer of
 * some pairs that are equally good; one that errs calls a difference a tie, and prefers one of two equals whatever the order. */
function preferenceVerdict(skill: JudgeSkill, blocks: Record<string, string>): object {
  const { world, tpr, tnr, positionBias, seed } = skill;
  const { REQUEST: conversation = "", ANSWER_1: first = "", ANSWER_2: second = "" } = blocks;
  const request = lastUserTurn(conversation);
  const [grade, otherGrade] = [first, second].map((answer) => world.gradeAnswer(request, answer));
  if (grade == null || otherGrade == null)
    return {
      rationale: "Simulated: this request is not of my world.",
      first_serves: false,
      second_serves: false,
      verdict: "cannot_tell",
    };
  const pair = [request, ...[first, second].sort()];
  const isRight = hashUnit(seed, "preference", ...pair) < (grade === otherGrade ? tpr : tnr);
  const isFooled =
    grade === otherGrade && first !== second && hashUnit(seed, "position", ...pair) < positionBias;
  const favourite = first <= second ? "first" : "second";
  const better = grade > otherGrade ? "first" : "second";
  const verdict = grade === otherGrade ? (isRight ? "tie" : favourite) : isRight ? better : "tie";
  return {
    rationale: "Simulated: compared with the planted truth.",
    first_serves: grade === 2,
    second_serves: otherGrade === 2,
    verdict: isFooled ? "first" : verdict,
  };
}

/** What the user said last: a conversation is given as turns under their roles, a single turn as it is. */
function lastUserTurn(conversation: string): string {
  const mark = "user: ";
  const at = conversation.lastIndexOf(`\n\n${mark}`);
  if (at >= 0) return conversation.slice(at + 2 + mark.length);
  return conversation.startsWith(mark) ? conversation.slice(mark.length) : conversation;
}
