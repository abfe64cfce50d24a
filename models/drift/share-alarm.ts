import { openDriftAlarm } from "@signalbox/runtime";
import { wilsonInterval } from "../statistics/wilson-interval.js";

/** What an always-valid test says of a share that must not rise. */
export interface ShareAlarm {
  /** Share that the rows before allow: the upper end of its one-sided 97.5 % interval. */
  allowed: number;
  checked: number;
  /** 1 at the start; reaches 1 / delta with probability at most delta, ever, while the share is what it was. */
  evidence: number;
  /** Evidence at which it alarms. */
  alarm_at: number;
  is_raised: boolean;
}

/** Watch whether events are more frequent than they were, by an e-process: it may be looked at daily, which p-values may not. Give one row per
 * session, for rows of a session are not independent.
 * @param before events of the rows before, 0 or 1
 * @param since events afterwards, in the order of time
 * @returns null when there is nothing to compare with
 * @see Ville 1939; Waudby-Smith and Ramdas 2024, Estimating means of bounded random variables by betting */
export function shareAlarm(
  before: readonly number[],
  since: readonly number[],
  delta = 0.05,
): ShareAlarm | null {
  if (before.length === 0 || since.length === 0) return null;
  const events = before.reduce((sum, event) => sum + event, 0);
  const allowed = wilsonInterval(events, before.length).high;
  if (allowed >= 1) return null;
  const alarm = openDriftAlarm({ alpha: allowed, delta });
  for (const event of since) alarm.check(event === 1);
  return {
    allowed,
    checked: alarm.checked,
    evidence: alarm.evidence,
    alarm_at: 1 / delta,
    is_raised: alarm.isRaised,
  };
}
