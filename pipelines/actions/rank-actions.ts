import { type ActionRow, type ActionsResult, Effort, Standing } from "../../datasets/actions-result.js";
import type { Estimate } from "../../datasets/results.js";
import type { ActionDocuments } from "./action-documents.js";
import { type ActionName, actionPlans, knownOverlaps } from "./action-plans.js";
import { actionsNotes } from "./actions-notes.js";
import { auditActions, routerAction } from "./audit-actions.js";
import { daysPerMonth, type FoundAction } from "./found-action.js";
import { leverActions, leverOverlaps } from "./lever-actions.js";
import { otherActions } from "./other-actions.js";

/** Person-days that an effort is taken for. */
const daysOfEffort: Readonly<Record<Effort, number>> = {
  [Effort.hours]: 0.5,
  [Effort.days]: 3,
  [Effort.weeks]: 15,
};

/** Rank what can be done by the dollars of a month for a person-day. Savings whose whole interval is one come first, then upper bounds, then what
 * may be nothing; what has no known dollars comes last, as unknown. Nothing is estimated here: the dollars are the documents'. */
export function rankActions(documents: ActionDocuments): ActionsResult {
  const { audit, levers, simulate } = documents;
  const days = levers?.days ?? audit?.days ?? null;
  const found = findActions(documents, days);
  const rows = found.filter(({ usdPerMonth: usd }) => usd === null || usd.value > 0).map(rowOf);
  rows.sort(byGain);
  const names = new Set(rows.map(({ action }) => action));
  const result = {
    schema_version: 1 as const,
    based_on: levers ? ("levers" as const) : audit ? ("audit" as const) : ("nothing" as const),
    days,
    actions: rows.map((row, i) => ({ ...row, rank: i + 1, overlaps: overlapsOf(row, names, documents) })),
    left_out: found
      .filter(({ usdPerMonth: usd }) => usd !== null && !(usd.value > 0))
      .map(({ action, usdPerMonth: usd }) => ({
        action,
        title: actionPlans[action].title,
        why:
          usd!.value < 0 ? `it would cost $${(-usd!.value).toFixed(2)} a month` : "nothing was found to save",
      })),
    is_simulated: Boolean(levers?.is_simulated || simulate?.is_simulated),
  };
  return { ...result, notes: actionsNotes(result) };
}

function findActions(documents: ActionDocuments, days: number | null): FoundAction[] {
  const { audit, levers, simulate } = documents;
  const found = levers ? leverActions(levers) : [];
  const covered = new Set(found.map(({ action }) => action));
  if (simulate && days !== null && !covered.has("router")) found.push(...routerAction(simulate, days));
  if (audit) found.push(...auditActions(audit, covered));
  found.push(...otherActions(documents, days, covered));
  return found;
}

function rowOf({ action, usdPerMonth: usd, isUpperBound, ...rest }: FoundAction): ActionRow {
  const plan = actionPlans[action];
  return {
    rank: 0,
    action,
    title: plan.title,
    detail: rest.detail ?? null,
    usd_per_month: usd,
    usd_per_week: usd === null ? null : (usd.value / daysPerMonth) * 7,
    standing: standingOf(usd, isUpperBound || plan.isUpperBound),
    evidence: rest.evidence,
    sources: rest.sources,
    effort: plan.effort,
    effort_reason: plan.effortReason,
    usd_per_month_per_day: usd === null ? null : usd.value / daysOfEffort[plan.effort],
    risk: plan.risk,
    risk_reason: plan.riskReason,
    overlaps: [],
    first_step: plan.firstStep,
    check: plan.check,
  };
}

function standingOf(usd: Estimate | null, isUpperBound: boolean): Standing {
  if (usd === null) return Standing.unknown;
  if (!(usd.low > 0)) return Standing.notShown;
  return isUpperBound ? Standing.upTo : Standing.shown;
}

const standings = Object.values(Standing);

function byGain(a: ActionRow, b: ActionRow): number {
  return (
    standings.indexOf(a.standing) - standings.indexOf(b.standing) ||
    (b.usd_per_month_per_day ?? 0) - (a.usd_per_month_per_day ?? 0) ||
    (a.action < b.action ? -1 : a.action > b.action ? 1 : 0)
  );
}

/** Overlaps as worked out by the levers, else those that are known to be there. */
function overlapsOf(
  { action }: ActionRow,
  names: ReadonlySet<string>,
  { levers }: ActionDocuments,
): ActionRow["overlaps"] {
  const measured = (levers ? leverOverlaps(levers) : []).filter(({ usdPerMonth: usd }) => usd > 0);
  const pairs: Array<{ actions: readonly [ActionName, ActionName]; usdPerMonth: number | null }> = [
    ...measured,
    ...knownOverlaps
      .filter(([a, b]) => !levers || !isCovered(levers, a) || !isCovered(levers, b))
      .map((actions) => ({ actions, usdPerMonth: null })),
  ];
  return pairs.flatMap(({ actions: [a, b], usdPerMonth }) => {
    const other = a === action ? b : b === action ? a : null;
    return other !== null && names.has(other) ? [{ action: other, usd_per_month: usdPerMonth }] : [];
  });
}

function isCovered({ levers }: NonNullable<ActionDocuments["levers"]>, action: ActionName): boolean {
  return levers.some(({ lever }) => lever === action);
}
