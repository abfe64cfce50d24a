import type { LeverRow } from "../../datasets/levers-result.js";
import type { ReplayData } from "../replay/replay-data.js";
import { CacheOutcome } from "./exact-answers.js";
import type { LaidOutLog } from "./laid-out-log.js";
import type { LeverSettings } from "./lever-settings.js";
import type { LeverName } from "./levers.js";

/** The attempts that a lever can be worked out for, changed or not, and what they were billed. */
export function leverReach(
  replay: ReplayData,
  log: LaidOutLog,
  lever: LeverName,
  { prices, facts }: LeverSettings,
): LeverRow["coverage"] {
  const hasPrices = prices.rates.map(({ windows }) => windows.length > 0);
  const isKnown = (i: number): boolean => {
    switch (lever) {
      case "exact_cache":
        return log.cacheOutcome[i] !== CacheOutcome.notAsked;
      case "router":
        return log.isReplayed[i] === 1;
      case "cascade":
        return log.escalates[i]! >= 0;
      case "prompt_cache":
        return log.isReplayed[i] === 1 && log.reads[i]! >= 0 && hasPrices[log.served[i]!]!;
      case "oversize":
        return log.isReplayed[i] === 1 && log.input[i]! >= 0 && hasPrices[log.served[i]!]!;
      case "batch":
        return facts.isBatchable !== null && replay.isSuccess[log.rows[i]!] === 1;
      case "markup":
        return log.gateway !== null && log.gateway.groups[i]! >= 0;
      case "retries":
        return true;
    }
  };
  let requests = 0;
  let usd = 0;
  for (let i = 0; i < log.size; i++) {
    if (!isKnown(i)) continue;
    requests += 1;
    usd += log.billed[i]!;
  }
  return { requests, usd };
}
