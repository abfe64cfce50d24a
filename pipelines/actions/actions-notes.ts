import type { ActionsResult } from "../../datasets/actions-result.js";

/** What a reader has to know about the ranking, in sentences. */
export function actionsNotes({ based_on: basis, days, actions }: Omit<ActionsResult, "notes">): string[] {
  return [
    "Ranked by dollars of a month for a person-day of effort (hours = half a day, days = 3, weeks = 15); savings that are shown come before upper bounds, and before what may be nothing.",
    actions.length > 1 &&
      "Each action is worth its dollars alone. Several change the same calls, so the amounts must not be added up; the savings waterfall says what all come to together.",
    days !== null &&
      days < 28 &&
      `A month is scaled from ${Number(days.toFixed(1))} days of log: another month may differ by more than the intervals say.`,
    basis === "audit" &&
      "Levers have not been worked out, so waste is the audit's: what was spent on such calls, without an interval. Not all of it can be avoided, so it is an upper bound.",
    basis === "nothing" && "Neither an audit nor levers are there yet; run: signalbox audit --workspace DIR",
    actions.some(({ standing }) => standing === "unknown") &&
      "Actions of unknown dollars are last because nothing is known, not because they are worth nothing.",
  ].filter((text) => text !== false);
}
