import { scripts } from "../cache/unit-classes.js";
import type { ReadRequest } from "../request/read-request.js";
import { type CueFamily, cueFamilies } from "./cue-words.js";
import type { TextStatistics } from "./text-statistics.js";

/** What the dense features are computed from. Counts are of the capped user turn; lengths are of the full texts. */
export interface DenseInput {
  read: ReadRequest;
  user: TextStatistics;
  /** Words of the user turn. */
  words: number;
  /** Hits per cue family, in the order of `cueFamilies`. */
  cues: Int32Array;
}

type Formula = (input: DenseInput) => number;

/** Longest user turn, in UTF-16 units, that counts as a short follow-up when a model has answered before. */
const shortFollowUpChars = 40;

/** Whether a turn only leans on the one before it ("yes", "and in French?"). */
export function isShortFollowUp(read: ReadRequest): boolean {
  return read.hasAnswer && read.userText.length <= shortFollowUpChars;
}

/** Every dense feature, in order, each in [0, 1]. */
const formulas: ReadonlyArray<readonly [string, Formula]> = [
  ["user_chars", ({ read }) => logShare(read.userText.length, 2 ** 20)],
  ["system_chars", ({ read }) => logShare(read.systemText.length, 2 ** 20)],
  ["history_chars", ({ read }) => logShare(read.historyChars, 2 ** 20)],
  ["words", ({ words }) => logShare(words, textCapWords)],
  ["lines", ({ user }) => logShare(user.newlines, textCapWords)],
  ["word_length", ({ user, words }) => Math.min(1, share(user.letters + user.digits, words) / 16)],
  ["digit_share", ({ user }) => share(user.digits, user.units)],
  ["upper_share", ({ user }) => share(user.upper, user.letters)],
  ["mark_share", ({ user }) => share(user.marks, user.units)],
  ["space_share", ({ user }) => share(user.spaces, user.units)],
  ["code_marks", ({ user }) => saturate(user.codeMarks, 8)],
  ["code_fence", ({ user }) => flag(user.fences > 0)],
  ["maths_marks", ({ user }) => saturate(user.mathsMarks, 8)],
  ["latex_marks", ({ user }) => saturate(user.latexMarks, 4)],
  ["question_marks", ({ user }) => saturate(user.questionMarks, 2)],
  ["options", ({ user }) => saturate(user.options, 2)],
  ["has_options", ({ user }) => flag(user.options >= 3)],
  ["list_lines", ({ user }) => saturate(user.listLines, 4)],
  ["urls", ({ user }) => saturate(user.urls, 2)],
  ["emails", ({ user }) => saturate(user.emails, 2)],
  ...cueFamilies.map((family, i) => cueFormula(family, i)),
  ["non_ascii_share", ({ user }) => share(user.nonAscii, user.units)],
  ...scripts.map((script, i) => scriptFormula(script, i)),
  ["user_turns", ({ read }) => saturate(Math.max(0, read.userTurns - 1), 4)],
  ["has_answer", ({ read }) => flag(read.hasAnswer)],
  ["short_follow_up", ({ read }) => flag(isShortFollowUp(read))],
  ["tools", ({ read }) => saturate(read.nTools, 4)],
  ["has_tools", ({ read }) => flag(read.nTools > 0)],
  ["json_object", ({ read }) => flag(read.jsonMode === "object")],
  ["json_schema", ({ read }) => flag(read.jsonMode === "schema")],
  ["images", ({ read }) => saturate(read.nImages, 2)],
  ["max_tokens", ({ read }) => logShare(read.maxTokens ?? 0, 2 ** 17)],
  ["has_max_tokens", ({ read }) => flag(read.maxTokens !== null)],
];

const textCapWords = 2 ** 13;

/** Names of the dense features, in order. */
export const denseNames: readonly string[] = formulas.map(([name]) => name);

/** Compute the dense features.
 * @param dense filled; as long as denseNames */
export function computeDense(input: DenseInput, dense: Float32Array): void {
  for (let i = 0; i < formulas.length; i++) dense[i] = formulas[i]![1](input);
}

function cueFormula(family: CueFamily, i: number): readonly [string, Formula] {
  return [`cue_${family}`, ({ cues }) => saturate(cues[i]!, 2)];
}

function scriptFormula(script: string, i: number): readonly [string, Formula] {
  return [`script_${script}`, ({ user }) => share(user.scriptLetters[i]!, user.letters)];
}

/** ln(1 + count) / ln(1 + full), at most 1. */
function logShare(count: number, full: number): number {
  return Math.min(1, Math.log(1 + count) / Math.log(1 + full));
}

/** count / (count + half): 0.5 at `half`. */
function saturate(count: number, half: number): number {
  return count / (count + half);
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}
