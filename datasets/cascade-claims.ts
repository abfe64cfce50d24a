/** What others published about cascades on their own traffic: printed beside a user's own figures, in no computation. */
export interface CascadeClaim {
  /** The strategy of ours that it is about. */
  strategy: "cascade" | "race";
  label: string;
  /** Share of calls to the large model that is said to be saved. */
  fewer_strong: [low: number, high: number] | null;
  /** Share of the cost that is said to be saved. */
  saving: [low: number, high: number] | null;
  source: string;
}

/** Published claims about cascades, as stated. */
export const cascadeClaims: readonly CascadeClaim[] = [
  {
    strategy: "race",
    label: "speculative execution: small and large model in parallel, quality gate, abort of the large",
    fewer_strong: [0.3, 0.5],
    saving: null,
    source: "a published multi-model routing guide, without data",
  },
  {
    strategy: "cascade",
    label: "LLM cascade with a learned scorer, at GPT-4's accuracy",
    fewer_strong: null,
    saving: [0, 0.98],
    source: "Chen, Zaharia and Zou 2023, FrugalGPT: up to 98 %, on one of its data sets",
  },
];
