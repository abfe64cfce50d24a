import type { BudgetAlarm, BudgetOutlook } from "../../datasets/forecast-result.js";
import { dayText } from "./day-text.js";
import type { SpendOutlook } from "./spend-outlook.js";

/** Say whether the next 30 days, or any of the twelve 30-day months ahead, pass a budget.
 * @param hasRouter whether the router decided anything
 * @returns null without a budget */
export function budgetAlarm(
  outlook: SpendOutlook,
  usdPerMonth: number | null,
  hasRouter: boolean,
): BudgetAlarm | null {
  if (usdPerMonth === null) return null;
  return {
    usd_per_month: usdPerMonth,
    as_is: outlookOf(outlook, 0, usdPerMonth),
    with_router: hasRouter ? outlookOf(outlook, 1, usdPerMonth) : null,
  };
}

const month = 30;

function outlookOf(outlook: SpendOutlook, place: number, budget: number): BudgetOutlook {
  const { expected, draws, firstDay } = outlook;
  const possible = draws(place, 0, month);
  const days = Array.from({ length: month }, (_, i) => i);
  const months = Array.from({ length: 12 }, (_, i) => i * month);
  const passed = days.find((day) => expected(place, 0, day + 1) > budget);
  const over = months.find((start) => expected(place, start, start + month) > budget);
  return {
    expected_usd: expected(place, 0, month),
    probability_over:
      possible === null ? null : possible.filter((usd) => usd > budget).length / possible.length,
    passed_on: passed === undefined ? null : dayText(firstDay + passed),
    first_month_over: over === undefined ? null : dayText(firstDay + over),
  };
}
