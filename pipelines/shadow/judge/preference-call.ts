import type { CallMessage, JudgeCall } from "../../label/judge.js";
import {
  block,
  type JudgeSchema,
  type Rubric,
  readRubric,
  requestBlocks,
} from "../../label/judge-prompts.js";
import { createVerdictCall, type JudgeIdentity } from "../../label/verdict-call.js";

/** What the judge is shown of a pair, as it may leave the machine. */
export interface ShadowTexts {
  system: string | null;
  prompt: string;
  baseline: string;
  candidate: string;
}

/** Whose answer the judge reads first. */
export const ShadowOrder = { baselineFirst: "baseline_first", candidateFirst: "candidate_first" } as const;
export type ShadowOrder = (typeof ShadowOrder)[keyof typeof ShadowOrder];

/** Makes the two calls of a pair; equal questions get equal keys, in every run. */
export interface ShadowCallFactory {
  readonly rubric: Rubric;
  /** The calls of a pair: the baseline's answer first, then the candidate's first. */
  calls(texts: ShadowTexts): [JudgeCall, JudgeCall];
}

/** Make a run's calls. The prompt holds no model, price or length, and does not say which answer a user got. */
export function createShadowCalls(judge: JudgeIdentity): ShadowCallFactory {
  const rubric = readRubric("shadow-pair.v1", preferenceSchema);
  const verdictCall = createVerdictCall(judge);
  const callOf = ({ system, prompt }: ShadowTexts, first: string, second: string): JudgeCall =>
    verdictCall(rubric, [system, prompt, first, second], (nonce) =>
      preferenceMessages(rubric, { system, prompt, answers: [first, second], nonce }),
    );
  return {
    rubric,
    calls: (texts) => [
      callOf(texts, texts.baseline, texts.candidate),
      callOf(texts, texts.candidate, texts.baseline),
    ],
  };
}

const preferenceSchema: JudgeSchema = {
  name: "shadow_pair",
  schema: {
    type: "object",
    properties: {
      rationale: { type: "string" },
      first_serves: { type: "boolean" },
      second_serves: { type: "boolean" },
      verdict: { type: "string", enum: ["first", "second", "tie", "cannot_tell"] },
    },
    required: ["rationale", "first_serves", "second_serves", "verdict"],
    additionalProperties: false,
  },
};

function preferenceMessages(
  rubric: Rubric,
  {
    system,
    prompt,
    answers,
    nonce,
  }: { system: string | null; prompt: string; answers: readonly [string, string]; nonce: string },
): CallMessage[] {
  const blocks = [
    requestBlocks({ system, history: [], user: prompt }, nonce),
    ...answers.map((answer, i) => block(`ANSWER_${i + 1}`, answer, nonce)),
  ];
  return [
    { role: "system", content: rubric.text },
    { role: "user", content: `${blocks.join("\n\n")}\n\nWhich answer leaves the user better off?` },
  ];
}
