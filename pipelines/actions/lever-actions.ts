import type { LeversResult } from "../../datasets/levers-result.js";
import type { ActionName } from "./action-plans.js";
import { daysPerMonth, type FoundAction, perMonth } from "./found-action.js";

/** Actions behind the levers, where one is known for a lever. */
const actionOfLever: Readonly<Record<string, ActionName>> = {
  exact_cache: "exact_cache",
  router: "router",
  cascade: "cascade",
  prompt_cache: "prompt_cache",
  markup: "markup",
  batch: "batch",
  oversize: "oversize",
  retries: "retries",
};

/** What each lever saves alone, as actions. */
export function leverActions({ levers, days }: LeversResult): FoundAction[] {
  return levers.flatMap(({ lever, alone, evidence, note }) => {
    const action = actionOfLever[lever];
    if (action === undefined) return [];
    return { action, usdPerMonth: perMonth(alone, days), evidence, sources: ["levers"], detail: note };
  });
}

/** What two levers' actions save twice, a month, by the names of both. */
export function leverOverlaps({ overlaps, days }: LeversResult): Array<{
  actions: [ActionName, ActionName];
  usdPerMonth: number;
}> {
  return overlaps.flatMap(({ levers: [first, second], overlap_usd: usd }) => {
    const actions = [actionOfLever[first], actionOfLever[second]];
    if (actions[0] === undefined || actions[1] === undefined) return [];
    return {
      actions: [actions[0], actions[1]] as [ActionName, ActionName],
      usdPerMonth: (usd * daysPerMonth) / Math.max(1, days),
    };
  });
}
