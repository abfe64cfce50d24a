import { defineTable, type RowOf } from "./table.js";

/** What was asked of a judge. */
export const LabelKind = { tier: "tier", sufficiency: "sufficiency", answer: "answer" } as const;
export type LabelKind = (typeof LabelKind)[keyof typeof LabelKind];

/** One call to a judge (or to a candidate model for an answer to judge), with everything needed to audit it. */
export const labels = defineTable({
  name: "labels",
  grain: "one row per judge call, two for a pairwise question (both orders); one per exact decision",
  columns: {
    label_id: {
      type: "VARCHAR",
      required: true,
      about: "Idempotency key: hash of judge, prompt version, item and order",
    },
    request_id: { type: "VARCHAR", required: true, about: "Request that was judged" },
    kind: { type: "VARCHAR", required: true, about: "tier, sufficiency or answer" },
    rubric: { type: "VARCHAR", required: true, about: "Name and version of the prompt" },
    judge: { type: "VARCHAR", required: true, about: "Model that judged; exact:CHECK when none was asked" },
    is_simulated: { type: "BOOLEAN", required: true, about: "Whether the judge is a simulation" },
    baseline_model: { type: "VARCHAR", about: "Model whose logged answer is the reference" },
    candidate_model: { type: "VARCHAR", about: "Model whose answer is judged" },
    answer_order: { type: "VARCHAR", about: "reference_first or candidate_first" },
    verdict: { type: "VARCHAR", about: "sufficient, insufficient, cannot_tell; or the tier 0, 1, 2" },
    is_stakes: { type: "BOOLEAN", about: "Stakes flag, for kind tier" },
    rationale: { type: "VARCHAR", about: "The judge's short reason" },
    answer_text: { type: "VARCHAR", about: "The answer, for kind answer" },
    inclusion_probability: {
      type: "DOUBLE",
      required: true,
      about: "Probability with which the request was sampled, above 0, at most 1",
    },
    cost_usd: { type: "DOUBLE", unit: "USD", about: "What the call cost at list price; NULL when unknown" },
    input_tokens: { type: "BIGINT", unit: "tokens", about: "Input of the judge call" },
    output_tokens: { type: "BIGINT", unit: "tokens", about: "Output of the judge call" },
    call_id: { type: "VARCHAR", about: "The provider's id of the call" },
    error: { type: "VARCHAR", about: "Why there is no verdict" },
  },
});
/** A row of {@link labels}. */
export type LabelRow = RowOf<typeof labels>;
