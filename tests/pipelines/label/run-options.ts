import type { RunOptions } from "../../../pipelines/label/run-labels.js";

/** Options of a small labelling run. */
export function runOptions(judgeUrl: string | null, options: Partial<RunOptions> = {}): RunOptions {
  return {
    judgeUrl,
    judgeModel: "gpt-4.1",
    candidates: ["gpt-4o-mini"],
    reference: null,
    mode: "chat",
    sample: 40,
    maxUsd: null,
    assumeUsdPerMTok: null,
    concurrency: 4,
    seed: 1,
    isSentUnredacted: false,
    isResumed: true,
    pollMs: 1,
    ...options,
  };
}
