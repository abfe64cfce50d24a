import type { CallMessage, JudgeCall } from "./judge.js";
import { type Rubric, readRubrics, sufficiencyMessages, tierMessages } from "./judge-prompts.js";
import { hashOf, type LabelItem } from "./label-item.js";

/** In which order the judge reads the two answers. */
export const AnswerOrder = { referenceFirst: "reference_first", candidateFirst: "candidate_first" } as const;
export type AnswerOrder = (typeof AnswerOrder)[keyof typeof AnswerOrder];

/** Who judges, who answers, where, and with what secret the nonces are made. */
export interface CallContext {
  judgeUrl: string;
  judgeModel: string;
  /** Endpoint of the candidates. */
  answersUrl: string;
  salt: string;
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

/** A call's key is SHA-256 of the model and the endpoint, the rubric, the texts and the order. The endpoint belongs to it: what
 * a simulation said must never pass for a judge's word. */
export function createCallFactory({ judgeUrl, judgeModel, answersUrl, salt }: CallContext): CallFactory {
  const rubrics = readRubrics();
  const judge = `${judgeModel} @ ${judgeUrl}`;
  const verdictTokens = isReasoningModel(judgeModel) ? 4_000 : 600;
  const verdictCall = (key: string, rubric: Rubric, messages: CallMessage[]): JudgeCall => ({
    key,
    model: judgeModel,
    messages,
    schema: rubric.schema,
    maxTokens: verdictTokens,
    retryTokens: 4 * verdictTokens,
    temperature: isReasoningModel(judgeModel) ? null : 0,
  });
  return {
    rubrics,
    answerRubric,
    tier: (item) => {
      const key = hashOf(judge, rubrics.tier.id, item.hash);
      return verdictCall(key, rubrics.tier, tierMessages(rubrics.tier, item.request, nonceOf(salt, key)));
    },
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
      const key = hashOf(judge, rubrics.sufficiency.id, item.hash, reference, candidate, order, ...gold);
      const isReferenceFirst = order === AnswerOrder.referenceFirst;
      const messages = sufficiencyMessages(rubrics.sufficiency, item.request, {
        answers: isReferenceFirst ? [reference, candidate] : [candidate, reference],
        judged: isReferenceFirst ? 2 : 1,
        nonce: nonceOf(salt, key),
        knownRight,
      });
      return verdictCall(key, rubrics.sufficiency, messages);
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

/** Random to whoever wrote the texts, the same in every run: the salt never leaves the workspace. */
function nonceOf(salt: string, key: string): string {
  return hashOf(salt, key).slice(0, 16);
}

/** Families that refuse a temperature and may spend output tokens before they answer: OpenAI's o-series and gpt-5, and Claude from
 * Opus 4.7 on. */
function isReasoningModel(model: string): boolean {
  return /(^|\/)(o\d|gpt-5)|claude-(opus-4-[7-9]|[a-z]+-[5-9])/.test(model);
}
