import { emptyGatedSums, type GatedSums } from "../../models/cascade/gated-sums.js";
import type { CascadeRows } from "../cascade/cascade-rows.js";

/** What a verification pass adds up to, by group of sessions. */
export interface VerificationSums {
  /** Compared attempts, what the router's choices cost, and those with stakes. */
  requests: GatedSums;
  routedUsd: GatedSums;
  stakes: GatedSums;
  pass: GatedSums;
  repair: GatedSums;
  usd: GatedSums;
  errors: GatedSums;
  caught: GatedSums;
  falseAlarms: GatedSums;
  /** What sending them to the strong model at once would add, and what the model that answers adds to the router's. */
  strongUsd: GatedSums;
  switchUsd: GatedSums;
  /** Errors that the strong model would not have made. */
  preventable: GatedSums;
}

/** What is verified, at what cost. */
export interface VerificationSumOptions {
  passUsd: (row: number) => number;
  strongError: number;
  only?: number;
  answeredBy?: number;
}

/** Add up a verification pass over the compared attempts with stakes: an alarm asks the strong model, whoever answered.
 * @param options.passUsd cost of the pass by row
 * @param options.strongError share of the strong model's own answers that are wrong; 0 leaves only what is worse than it
 * @param options.only attempts that the router sends to this model; all by default
 * @param options.answeredBy model that answers in place of the router's */
export function sumVerification(
  { replay, rows, strong, group, groups }: CascadeRows,
  options: VerificationSumOptions,
): VerificationSums {
  const { passUsd, strongError, only, answeredBy } = options;
  const empty = () => emptyGatedSums(groups);
  const [pass, repair] = [empty(), empty()];
  const sums: VerificationSums = {
    requests: empty(),
    routedUsd: empty(),
    stakes: empty(),
    pass,
    repair,
    usd: { ...repair, fixed: pass.fixed },
    errors: empty(),
    caught: empty(),
    falseAlarms: empty(),
    strongUsd: empty(),
    switchUsd: empty(),
    preventable: empty(),
  };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const g = group[row]!;
    const chosen = replay.chosen[row]!;
    const routedUsd = replay.usd[chosen * replay.rows + row]!;
    sums.requests.fixed[g]! += 1;
    sums.routedUsd.fixed[g]! += routedUsd;
    if (replay.stakes[row] !== 1 || (only !== undefined && chosen !== only)) continue;
    const at = (answeredBy ?? chosen) * replay.rows + row;
    const right = replay.sufficiency[at]! * (1 - strongError);
    const wrong = 1 - right;
    const strongUsd = replay.usd[strong * replay.rows + row]!;
    sums.stakes.fixed[g]! += 1;
    sums.pass.fixed[g]! += passUsd(row);
    sums.repair.falseAlarms[g]! += right * strongUsd;
    sums.repair.caught[g]! += wrong * strongUsd;
    sums.errors.fixed[g]! += wrong;
    sums.preventable.fixed[g]! += 1 - strongError - right;
    sums.caught.caught[g]! += wrong;
    sums.falseAlarms.falseAlarms[g]! += right;
    sums.strongUsd.fixed[g]! += strongUsd - routedUsd;
    sums.switchUsd.fixed[g]! += replay.usd[at]! - routedUsd;
  }
  return sums;
}
