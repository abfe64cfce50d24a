import { GapKind } from "../../datasets/reconcile-result.js";
import type { Estimate } from "../../datasets/results.js";
import type { ActionDocuments } from "./action-documents.js";
import type { ActionName } from "./action-plans.js";
import { type FoundAction, perMonth } from "./found-action.js";

/** Actions of documents that only some workspaces have: cache, mark-up, bills, plans of prices, drift.
 * @param days of the log; null = unknown
 * @param covered actions that the levers know already */
export function otherActions(
  documents: ActionDocuments,
  days: number | null,
  covered: ReadonlySet<ActionName>,
): FoundAction[] {
  return [
    ...semanticCache(documents, days),
    ...(covered.has("markup") ? [] : markup(documents, days)),
    ...unloggedBill(documents),
    ...pricePlan(documents),
    ...retrain(documents),
  ];
}

/** The strictest threshold that was replayed, so that no threshold is chosen by what it saves on the same log. */
function semanticCache(
  { cacheReplay, cacheCalibration }: ActionDocuments,
  days: number | null,
): FoundAction[] {
  const row = cacheReplay?.curve.find(
    ({ min_cosine: cosine, net_usd: net }) => cosine !== null && net !== null,
  );
  const length = cacheReplay?.source.days ?? days;
  if (!row?.net_usd || length === null) return [];
  const certified = cacheCalibration?.segments.filter(({ level }) => level !== "exact_only").length ?? null;
  const promise =
    certified === null
      ? "No threshold has been calibrated yet, so wrong answers are not bounded."
      : `${certified} of ${cacheCalibration!.segments.length} segments have a certified threshold.`;
  return [
    {
      action: "semantic_cache",
      usdPerMonth: perMonth(row.net_usd, length),
      evidence: "modelled",
      sources: cacheCalibration ? ["cache_replay", "cache_calibration"] : ["cache_replay"],
      detail: `Both tiers at a cosine of ${row.min_cosine}, running costs paid. ${promise}`,
    },
  ];
}

function markup({ markup: found }: ActionDocuments, days: number | null): FoundAction[] {
  if (!found || days === null) return [];
  return found.groups.flatMap((group): FoundAction[] => {
    const { uplift, list_usd: list } = group;
    if (uplift === null || !(uplift.value > 0)) return [];
    const estimate: Estimate = {
      ...uplift,
      value: uplift.value * list,
      low: uplift.low === null ? Number.NEGATIVE_INFINITY : uplift.low * list,
      high: uplift.high === null ? Number.POSITIVE_INFINITY : uplift.high * list,
    };
    return [
      {
        action: "markup",
        usdPerMonth: perMonth(estimate, days),
        evidence: "modelled",
        sources: ["markup"],
        detail: `${group.gateway}, ${group.model}: ${group.verdict}`,
      },
    ];
  });
}

function unloggedBill({ reconcile }: ActionDocuments): FoundAction[] {
  const missing = (reconcile?.vendors ?? []).flatMap(({ vendor, parts }) =>
    parts
      .filter(({ kind, usd }) => kind === GapKind.missingInLog && usd > 0)
      .map(({ usd }) => ({ vendor, usd })),
  );
  if (missing.length === 0) return [];
  const bills = missing.map(({ vendor, usd }) => `${vendor} billed $${usd.toFixed(2)}`).join(", ");
  return [
    {
      action: "unlogged_bill",
      usdPerMonth: null,
      evidence: "unknown",
      sources: ["reconcile"],
      detail: `${bills} for calls that the log doesn't hold; what of it can be saved isn't known.`,
    },
  ];
}

/** The cheapest plan that serves every call, where its whole interval is a saving. */
function pricePlan({ pricing }: ActionDocuments): FoundAction[] {
  const now = pricing?.now.usd_per_month.value ?? 0;
  const cheaper = (pricing?.priced ?? [])
    .filter(({ change, unserved_calls: unserved }) => change !== null && change.value < 0 && unserved === 0)
    .sort((a, b) => a.change!.value - b.change!.value || (a.plan < b.plan ? -1 : 1));
  const best = cheaper[0];
  if (best === undefined) return [];
  const { value, low, high, method, n } = best.change!;
  return [
    {
      action: "price_plan",
      usdPerMonth: {
        value: -value * now,
        low: high === null ? Number.NEGATIVE_INFINITY : -high * now,
        high: low === null ? Number.POSITIVE_INFINITY : -low * now,
        method,
        n,
      },
      evidence: "modelled",
      sources: ["pricing"],
      detail: `${best.plan}: ${best.terms}. The cheapest of ${pricing!.priced.length} plans on this traffic, chosen on it.`,
    },
  ];
}

function retrain({ drift }: ActionDocuments): FoundAction[] {
  if (!drift?.retrain_advised) return [];
  const reasons = drift.reasons.filter(({ advises_retrain: advises }) => advises);
  return [
    {
      action: "retrain",
      usdPerMonth: null,
      evidence: "unknown",
      sources: ["drift"],
      detail: `Since ${drift.since}: ${reasons.map(({ evidence }) => evidence).join("; ")}.`,
    },
  ];
}
