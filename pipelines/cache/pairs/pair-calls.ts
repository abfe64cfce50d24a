import type { CallMessage, JudgeCall } from "../../label/judge.js";
import {
  block,
  type JudgeSchema,
  type Rubric,
  readRubric,
  requestBlocks,
} from "../../label/judge-prompts.js";
import { createVerdictCall, type JudgeIdentity } from "../../label/verdict-call.js";
import type { PairTexts } from "./pair-item.js";

/** What the judge reads first. */
export const PairOrder = { requestFirst: "request_first", cachedFirst: "cached_first" } as const;
export type PairOrder = (typeof PairOrder)[keyof typeof PairOrder];

/** Makes the calls that pairs need; equal questions get equal keys, in every run. */
export interface PairCallFactory {
  readonly rubric: Rubric;
  /** Orders in which each pair is asked about. */
  readonly orders: readonly PairOrder[];
  /** The calls of a pair, one for each order. */
  calls(texts: PairTexts): JudgeCall[];
}

/** Make a run's calls.
 * @param isBothOrders ask twice, once with what is cached first */
export function createPairCalls(judge: JudgeIdentity, isBothOrders: boolean): PairCallFactory {
  const rubric = readRubric("cache-pair.v1", pairSchema);
  const orders = isBothOrders ? Object.values(PairOrder) : [PairOrder.requestFirst];
  const verdictCall = createVerdictCall(judge);
  return {
    rubric,
    orders,
    calls: (texts) => {
      const { request, cachedRequest, cachedAnswer, reference } = texts;
      const { system, history, user } = request;
      return orders.map((order) =>
        verdictCall(rubric, [system, history, user, cachedRequest, cachedAnswer, reference, order], (nonce) =>
          pairMessages(rubric, texts, { order, nonce }),
        ),
      );
    },
  };
}

const pairSchema: JudgeSchema = {
  name: "cache_pair",
  schema: {
    type: "object",
    properties: {
      rationale: { type: "string" },
      verdict: { type: "string", enum: ["same", "different", "cannot_tell"] },
    },
    required: ["rationale", "verdict"],
    additionalProperties: false,
  },
};

/** Messages that ask whether a cached answer serves a request. No model, similarity or score is in them. */
function pairMessages(
  rubric: Rubric,
  { request, cachedRequest, cachedAnswer, reference }: PairTexts,
  { order, nonce }: { order: PairOrder; nonce: string },
): CallMessage[] {
  const asked = [
    requestBlocks(request, nonce),
    ...(reference === null ? [] : [block("REFERENCE", reference, nonce)]),
  ];
  const cached = [block("CACHED_REQUEST", cachedRequest, nonce), block("CACHED_ANSWER", cachedAnswer, nonce)];
  const blocks = order === PairOrder.requestFirst ? [...asked, ...cached] : [...cached, ...asked];
  return [
    { role: "system", content: rubric.text },
    { role: "user", content: `${blocks.join("\n\n")}\n\nDoes CACHED_ANSWER serve REQUEST?` },
  ];
}
