import { defineTable, type RowOf } from "./table.js";

/** What judges, humans or checks said of the two answers of a shadow pair. */
export const shadowVerdicts = defineTable({
  name: "shadow_verdicts",
  grain: "one row per judged pair of a response shadow",
  columns: {
    pair_id: { type: "VARCHAR", required: true, about: "Pair of the shadow log" },
    difference: {
      type: "DOUBLE",
      about:
        "Quality of the baseline minus that of the candidate, -1 to 1: mean of the two orders, 1 = the baseline's answer is better; NULL when the call failed",
    },
    baseline_first: {
      type: "VARCHAR",
      about: "baseline, candidate or tie, with the baseline's answer shown first",
    },
    candidate_first: { type: "VARCHAR", about: "The same with the candidate's answer shown first" },
    baseline_success: {
      type: "BOOLEAN",
      about: "Whether the baseline's answer serves the request; NULL when not asked",
    },
    candidate_success: {
      type: "BOOLEAN",
      about: "Whether the candidate's answer serves the request; NULL when not asked",
    },
    judge: {
      type: "VARCHAR",
      required: true,
      about: "Model that judged; import, human:NAME or check:NAME otherwise",
    },
    is_simulated: { type: "BOOLEAN", required: true, about: "Whether the judge is a simulation" },
    cost_usd: { type: "DOUBLE", unit: "USD", about: "What the calls cost; NULL when unknown" },
    error: { type: "VARCHAR", about: "Why there is no verdict" },
  },
});
/** A row of {@link shadowVerdicts}. */
export type ShadowVerdictRow = RowOf<typeof shadowVerdicts>;
