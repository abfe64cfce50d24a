import { CacheOutcome } from "./exact-answers.js";
import type { LaidOutLog } from "./laid-out-log.js";
import { Part } from "./levers.js";
import type { LeverPrices } from "./price-log.js";

/** The parts that can't change any cost of a log, whatever else is on: sets that differ in them alone need not be priced apart.
 * @returns set of {@link Part} bits */
export function inertParts(log: LaidOutLog, { routerUsd }: LeverPrices): number {
  const hasReads = log.reads.some((tokens) => tokens > 0);
  const isLong = log.isLong.includes(1);
  const works: Record<keyof typeof Part, boolean> = {
    exactCache: log.cacheOutcome.some((outcome) => outcome !== CacheOutcome.notAsked),
    route: log.chosen.some((chosen, i) => log.isReplayed[i] === 1 && chosen !== log.served[i]),
    loseCache: hasReads || isLong,
    routerFee: routerUsd > 0,
    cascade: log.cascade !== null,
    promptCache: isLong,
    markup: log.gateway !== null,
    batch: log.isBatchable.includes(1),
    oversize: log.trimTo.some((tokens) => tokens > 0),
    retries: log.isSuperseded.includes(1),
  };
  const names = Object.keys(Part) as Array<keyof typeof Part>;
  return names.reduce((parts, name) => (works[name] ? parts : parts | Part[name]), 0);
}
