import { openLineLog } from "../log/file-log.js";
import { openShadowBudget } from "./shadow-budget.js";
import type { ShadowOffer } from "./shadow-offer.js";
import { ShadowStatus } from "./shadow-pair.js";
import { type ResponseShadowOptions, shadowSettings } from "./shadow-settings.js";
import { treatOffer } from "./treat-offer.js";

/** Counts since the shadow was opened. */
export interface ResponseShadowStats {
  /** Sampled requests that were offered; once all is flushed, the sum of `byStatus` and `faults`. */
  sampled: number;
  byStatus: Record<ShadowStatus, number>;
  /** Requests that left no record because the shadow itself failed. */
  faults: number;
  /** Contents that could not be redacted or stored. */
  contentsLost: number;
  underWay: number;
  spentUsdToday: number;
  /** Lines of the log that were written, and that were lost. */
  recorded: number;
  lost: number;
}

/** Calls the other model of sampled requests after their users were served. */
export interface ResponseShadow {
  /** Take a request that was served. Returns at once and never throws. Requests outside the sample are ignored. */
  offer(offer: ShadowOffer): void;
  /** Call nothing more until `enable`; sampled requests are recorded as dropped. */
  disable(): void;
  enable(): void;
  stats(): ResponseShadowStats;
  /** Wait until every request taken so far has its record, and the records are written or lost. */
  flush(): Promise<void>;
  /** Call nothing for requests that are served from now on, and flush. */
  close(): Promise<void>;
}

/** Open a response shadow. Every sampled request leaves one record, with the answer of the other model or the reason why there is none.
 * @throws {RangeError} for a budget, limit or time that isn't a number in its range
 * @throws {TypeError} for a log file where the host has no file system */
export function openResponseShadow(options: ResponseShadowOptions): ResponseShadow {
  const settings = shadowSettings(options);
  const log = openLineLog(options.log);
  const budget = openShadowBudget(options.maxUsdPerDay, settings.clock);
  const counts = { sampled: 0, faults: 0, contentsLost: 0, underWay: 0 };
  const byStatus = noneByStatus();
  const underTreatment = new Set<Promise<void>>();
  let isDisabled = false;
  let isClosed = false;

  const treat = async (offer: ShadowOffer, isLate: boolean) => {
    try {
      await afterServing();
      const pair = await treatOffer({ settings, budget, counts }, offer, isDisabled || isLate);
      log.write(pair);
      byStatus[pair.status] += 1;
    } catch {
      counts.faults += 1;
    }
  };
  const flush = async () => {
    while (underTreatment.size > 0) await Promise.all(underTreatment);
    await log.flush();
  };

  return {
    offer(offer) {
      if (offer.decision.shadow.sampled !== true) return;
      counts.sampled += 1;
      const treated: Promise<void> = treat(offer, isClosed).finally(() => underTreatment.delete(treated));
      underTreatment.add(treated);
    },
    disable: () => {
      isDisabled = true;
    },
    enable: () => {
      isDisabled = false;
    },
    stats: () => ({
      ...counts,
      byStatus: { ...byStatus },
      spentUsdToday: budget.spentUsd(),
      ...log.counts(),
    }),
    flush,
    close: () => {
      isClosed = true;
      return flush();
    },
  };
}

/** The consumer's own work on the answer goes first. */
function afterServing(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function noneByStatus(): Record<ShadowStatus, number> {
  const none = Object.values(ShadowStatus).map((status) => [status, 0]);
  return Object.fromEntries(none) as Record<ShadowStatus, number>;
}
