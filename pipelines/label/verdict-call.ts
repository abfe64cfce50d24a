import type { CallMessage, JudgeCall } from "./judge.js";
import type { Rubric } from "./judge-prompts.js";
import { hashOf } from "./label-item.js";

/** Who judges, where, and with what secret the nonces are made. */
export interface JudgeIdentity {
  judgeUrl: string;
  judgeModel: string;
  /** The workspace's salt. */
  salt: string;
}

/** Makes a call that asks the judge for a verdict.
 * @param question everything that tells it from other questions of the rubric: texts, order
 * @param messagesOf the prompt, given hex digits that nobody who wrote a text can know */
export type VerdictCall = (
  rubric: Rubric,
  question: readonly unknown[],
  messagesOf: (nonce: string) => CallMessage[],
) => JudgeCall;

/** A call's key is SHA-256 of the model and the endpoint, the rubric and the question. The endpoint belongs to it: what a simulation said
 * must never pass for a judge's word. */
export function createVerdictCall({ judgeUrl, judgeModel, salt }: JudgeIdentity): VerdictCall {
  const judge = `${judgeModel} @ ${judgeUrl}`;
  const maxTokens = isReasoningModel(judgeModel) ? 4_000 : 600;
  return (rubric, question, messagesOf) => {
    const key = hashOf(judge, rubric.id, ...question);
    return {
      key,
      model: judgeModel,
      messages: messagesOf(nonceOf(salt, key)),
      schema: rubric.schema,
      maxTokens,
      retryTokens: 4 * maxTokens,
      temperature: isReasoningModel(judgeModel) ? null : 0,
    };
  };
}

/** Random to whoever wrote the texts, the same in every run: the salt never leaves the workspace. */
function nonceOf(salt: string, key: string): string {
  return hashOf(salt, key).slice(0, 16);
}

/** Families that refuse a temperature and may spend output tokens before they answer: OpenAI's o-series and gpt-5, and Claude from
 * Opus 4.7 on. */
export function isReasoningModel(model: string): boolean {
  return /(^|\/)(o\d|gpt-5)|claude-(opus-4-[7-9]|[a-z]+-[5-9])/.test(model);
}
