import type { LeverRow, LeversResult, WaterfallStep } from "../../datasets/levers-result.js";
import type { Estimate } from "../../datasets/results.js";

const method = "modelled; 95 % interval, cluster-robust by session (Student t)";

/** Levers of a month that was billed $4,200: five in the waterfall, two that stand alone. */
export function leversResult(): LeversResult {
  return {
    schema_version: 1,
    billed_usd: 4200,
    projected_usd: 2610,
    saving: estimate(1590, 90),
    days: 30,
    attempts: 61_204,
    unpriced_attempts: 1204,
    levers: [
      lever("exact_cache", "Exact cache", 130, { requests: 2100 }),
      lever("router", "Router", 1240, { requests: 21_000 }),
      lever("prompt_cache", "Prompt caching", 160, { requests: 4000 }),
      lever("batch", "Batch price", 290, { requests: 9000, is_upper_bound: true }),
      lever("oversize", "Oversize prompts", 40, { requests: 31, is_combined: false, is_upper_bound: true }),
      lever("retries", "Superseded attempts", 12, {
        requests: 410,
        is_combined: false,
        is_upper_bound: true,
        evidence: "measured",
      }),
    ],
    waterfall: [
      step("exact_cache", "Exact cache", -130, 4070),
      step("router_price", "Router: prices", -1310, 2760),
      step("router_cache", "Router: lost cache", 110, 2870),
      step("router_fee", "Router: own cost", 0, 2870),
      step("prompt_cache", "Prompt caching", -80, 2790),
      step("batch", "Batch price", -180, 2610),
    ],
    overlaps: [{ levers: ["router", "batch"], together_usd: 1420, overlap_usd: 110 }],
    coverage: [
      { evidence: "replayed", requests: 52_000, usd: 3600 },
      { evidence: "measured", requests: 8000, usd: 600 },
      { evidence: "unknown", requests: 1204, usd: 0 },
    ],
    is_simulated: false,
    notes: ["Each attempt has one cost under any set of levers."],
  };
}

function estimate(value: number, half: number): Estimate {
  return { value, low: value - half, high: value + half, method, n: 60_000 };
}

function lever(name: string, label: string, usd: number, fields: Partial<LeverRow>): LeverRow {
  return {
    lever: name,
    label,
    alone: estimate(usd, usd / 10),
    requests: 0,
    coverage: { requests: 52_000, usd: 3600 },
    is_combined: true,
    is_upper_bound: false,
    evidence: "modelled",
    note: `What ${label} takes.`,
    ...fields,
  };
}

function step(name: string, label: string, change: number, after: number): WaterfallStep {
  return {
    step: name,
    label,
    change: estimate(change, Math.abs(change) / 10),
    after_usd: after,
    evidence: "modelled",
  };
}
