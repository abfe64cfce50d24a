import type { CallMessage, JudgeCall } from "./judge.js";
import { type Rubric, readRubrics, sufficiencyMessages, tierMessages } from "./judge-prompts.js";
import { hashOf, type LabelItem } from "./label-item.js";
import { createVerdictCall, isReasoningModel, type JudgeIdentity } from "./verdict-call.js";

/** In which order the judge reads the two answers. */
export const AnswerOrder = { referenceFirst: "reference_first", candidateFirst: "candidate_first" } as const;
export type AnswerOrder = (typeof AnswerOrder)[keyof typeof AnswerOrder];

/** Who judges, who answers, where, and with what secret the nonces are made. */
export interface CallContext extends JudgeIdentity {
  /** Endpoint of the candidates. */
  answersUrl: string;
}

/** Makes the calls that labelling needs; equal questions get equal keys. */
export interface CallFactory {
  readonly rubrics: { tier: Rubric; sufficiency: Rubric };
  /** Name and version of the candidates' prompt: the request as it was logged. */
  readonly answerRubric: string;
  tier(item: LabelItem): JudgeCall;
  answer(item: LabelItem, candidate: string): JudgeCall;
  sufficiency(
    item: LabelItem,
    answers: { reference: string; candidate: string },
    order: AnswerOrder,
  ): JudgeCall;
}

/** Make a run's calls. An answer's key is SHA-256 of the model and the endpoint, the request and what the answer depends on; a verdict's
 * is that of {@link createVerdictCall}. */
export function createCallFactory({ answersUrl, ...judge }: CallContext): CallFactory {
  const rubrics = readRubrics();
  const verdictCall = createVerdictCall(judge);
  return {
    rubrics,
    answerRubric,
    tier: (item) =>
      verdictCall(rubrics.tier, [item.hash], (nonce) => tierMessages(rubrics.tier, item.request, nonce)),
    answer: (item, candidate) => ({
      key: hashOf(
        `${candidate} @ ${answersUrl}`,
        answerRubric,
        item.hash,
        item.row.max_tokens,
        item.row.temperature,
        ...(item.checks?.jsonSchema ? [item.checks.jsonSchema.schema] : []),
      ),
      model: candidate,
      messages: requestMessages(item),
      schema: item.checks?.jsonSchema
        ? { name: "answer", schema: item.checks.jsonSchema.schema, isStrict: false }
        : null,
      maxTokens: answerCap(item) + (isReasoningModel(candidate) ? 4_000 : 0),
      temperature: isReasoningModel(candidate) ? null : item.row.temperature,
    }),
    sufficiency: (item, { reference, candidate }, order) => {
      const { knownRight } = item;
      const gold = knownRight === null ? [] : [knownRight];
      const isReferenceFirst = order === AnswerOrder.referenceFirst;
      return verdictCall(rubrics.sufficiency, [item.hash, reference, candidate, order, ...gold], (nonce) =>
        sufficiencyMessages(rubrics.sufficiency, item.request, {
          answers: isReferenceFirst ? [reference, candidate] : [candidate, reference],
          judged: isReferenceFirst ? 2 : 1,
          nonce,
          knownRight,
        }),
      );
    },
  };
}

const answerRubric = "answer.v1";

function requestMessages({ request }: LabelItem): CallMessage[] {
  return [
    ...(request.system ? [{ role: "system" as const, content: request.system }] : []),
    ...request.history.map(({ role, content }) => ({
      role: role === "assistant" ? ("assistant" as const) : ("user" as const),
      content,
    })),
    { role: "user" as const, content: request.user },
  ];
}

/** The caller's own cap, or twice what the logged answer took. */
function answerCap({ row }: LabelItem): number {
  return row.max_tokens ?? Math.min(16_000, Math.max(1_024, 2 * (row.output_total_tokens ?? 0)));
}
