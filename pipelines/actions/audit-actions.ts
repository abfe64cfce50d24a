import type { AuditResult, Estimate, SimulateResult } from "../../datasets/results.js";
import type { ActionName } from "./action-plans.js";
import { type FoundAction, perMonth } from "./found-action.js";

/** Actions behind the kinds of waste of an audit. */
const actionOfWaste: Readonly<Record<string, ActionName>> = {
  "exact repeats": "exact_cache",
  "batchable at half price": "batch",
  "oversize prompts": "oversize",
  "failed attempts": "retries",
  "cut off by the output cap": "output_cap",
};

/** Actions that an audit shows: what failed, was repeated or was cut off, and what has no price.
 * @param covered actions that another document knows better */
export function auditActions(audit: AuditResult, covered: ReadonlySet<ActionName>): FoundAction[] {
  const found = audit.waste.flatMap(({ kind, requests, usd, evidence, note }): FoundAction[] => {
    const action = actionOfWaste[kind];
    if (action === undefined || covered.has(action) || requests === 0) return [];
    const estimate: Estimate = {
      value: usd,
      low: usd,
      high: usd,
      method: `${evidence}: ${kind}`,
      n: requests,
    };
    return [
      {
        action,
        usdPerMonth: perMonth(estimate, audit.days),
        isUpperBound: true,
        evidence,
        sources: ["audit"],
        detail: note,
      },
    ];
  });
  const { unpriced_requests: unpriced } = audit.billed;
  if (unpriced === 0) return found;
  const detail = `${unpriced} of ${audit.requests} attempts have no known price and are in no figure.`;
  return [
    ...found,
    { action: "unpriced", usdPerMonth: null, evidence: "unknown", sources: ["audit"], detail },
  ];
}

/** The router's saving on the logged calls, where no levers were worked out.
 * @param days of the log */
export function routerAction({ traffic }: SimulateResult, days: number): FoundAction[] {
  const billed = traffic?.strategies.find(({ strategy }) => strategy === "billed");
  const saving = traffic?.strategies.find(({ strategy }) => strategy === "router")?.saving;
  if (billed === undefined || !saving) return [];
  const usd = billed.usd.value;
  const estimate: Estimate = {
    ...saving,
    value: saving.value * usd,
    low: saving.low === null ? Number.NEGATIVE_INFINITY : saving.low * usd,
    high: saving.high === null ? Number.POSITIVE_INFINITY : saving.high * usd,
  };
  return [
    { action: "router", usdPerMonth: perMonth(estimate, days), evidence: "modelled", sources: ["simulate"] },
  ];
}
