import { asText } from "../../json-access.js";
import type { Column } from "./collect-columns.js";
import { hasClock } from "./judge-time.js";

/** The column that holds the time of day where the date stands in one of its own, as in spreadsheets.
 * @returns null when the date says the hour itself, or no column does */
export function findClock(columns: readonly Column[], date: Column | undefined): Column | null {
  if (date === undefined || date.present.some(hasClock)) return null;
  const found = columns.find(
    ({ root, names, present }) =>
      root === date.root &&
      CLOCK_NAME.test(names.at(-1)!) &&
      present.length >= 0.8 * date.present.length &&
      present.every((value) => CLOCK.test(asText(value))) &&
      // "00:00:01" in every row is a duration.
      present.some((value) => !/^\s*0?0:/.test(asText(value))),
  );
  return found ?? null;
}

const CLOCK_NAME = /time|clock|zeit|uhr|heure|hora|ora\b/i;
const CLOCK = /^\s*([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?\s*([ap]\.?m\.?)?\s*$/i;
