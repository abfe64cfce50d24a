import { detectors } from "./detectors.js";

/** One RE2 expression (no lookarounds, no back references) for engines that want to know cheaply which texts {@link redact} would
 * change: a text without a match is one that it leaves as it is. The reverse does not hold: a card number with a wrong check
 * digit matches. */
export const suspicionPattern: string = [
  ...new Set(
    detectors.map(
      ({ pattern, suspicion }) =>
        suspicion ?? (pattern.ignoreCase ? `(?i:${pattern.source})` : pattern.source),
    ),
  ),
].join("|");
