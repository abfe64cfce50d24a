import { isUndecided } from "../adapters/plan-route.js";
import { openLineLog } from "../log/file-log.js";
import type { RecordSink } from "../log/line-log.js";
import type { Router } from "../router/router.js";
import { callOther, type OtherAnswer } from "./call-other.js";
import { makePairRecord, type PairFacts, pairIdOf } from "./pair-record.js";
import { type PairSides, pairSides, whyNotPaired } from "./pair-sides.js";
import { redactText } from "./redact-text.js";
import { estimateTokens, shadowBody } from "./shadow-body.js";
import { openShadowBudget, type Reservation, type TokenPrice } from "./shadow-budget.js";
import { type ContentMode, keepContents, promptOf, type ShadowContent } from "./shadow-content.js";
import type { ShadowCall, ShadowOffer } from "./shadow-offer.js";
import { type ShadowPairRecord, ShadowStatus } from "./shadow-pair.js";

/** How the other model of sampled requests is called, and what is kept of it. */
export interface ResponseShadowOptions {
  router: Pick<Router, "policy" | "stats">;
  /** JSONL file, or a function that takes the records. */
  log: string | RecordSink<ShadowPairRecord>;
  /** Makes the calls; the routed fetch's own way when absent. */
  call?: (call: ShadowCall) => Promise<Response>;
  /** Most that the calls of one day, UTC, may cost by their estimates; USD. */
  maxUsdPerDay: number;
  /** Price of a model; the policy's when absent. A model without a known price isn't called. */
  priceOf?: (model: string) => TokenPrice | null | undefined;
  /** Milliseconds that a call may take; 60,000 when absent. */
  timeoutMs?: number;
  /** Calls under way at once; 4 when absent. A request beyond it is dropped, none waits. */
  maxConcurrent?: number;
  /** What is kept of prompts and answers; "none" when absent. */
  content?: ContentMode;
  /** In place of the built-in redaction. */
  redact?: (text: string) => string;
  /** Longest prompt and answer that a record holds, UTF-16 units; 8,000 when absent. */
  maxContentChars?: number;
  clock?: () => Date;
}

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
 * @throws {RangeError} for a budget, limit or time that isn't a number in its range */
export function openResponseShadow(options: ResponseShadowOptions): ResponseShadow {
  const settings = resolve(options);
  const log = openLineLog(options.log);
  const budget = openShadowBudget(options.maxUsdPerDay, settings.clock);
  const underTreatment = new Set<Promise<void>>();
  const counts = { sampled: 0, faults: 0, contentsLost: 0, underWay: 0 };
  const byStatus = Object.fromEntries(Object.values(ShadowStatus).map((status) => [status, 0])) as Record<
    ShadowStatus,
    number
  >;
  let isDisabled = false;
  let isClosed = false;

  const whyDropped = (offer: ShadowOffer, sides: PairSides, isLate: boolean): ShadowStatus | null => {
    const isOff = isDisabled || isLate || settings.router.stats().off !== null;
    if (isOff || isUndecided(offer.decision)) return ShadowStatus.droppedDisabled;
    const why = whyNotPaired(offer, sides);
    if (why !== null) return why;
    return counts.underWay >= settings.maxConcurrent ? ShadowStatus.droppedConcurrency : null;
  };

  const callWithin = async (
    offer: ShadowOffer,
    model: string,
    reservation: Reservation,
  ): Promise<OtherAnswer> => {
    counts.underWay += 1;
    try {
      const body = shadowBody(offer.api, offer.body, model);
      const send = settings.call ?? ((call: ShadowCall) => offer.send(call));
      const other = await callOther({ api: offer.api, model, body }, send, settings.timeoutMs);
      reservation.settle(other.isRefused ? null : (other.answer?.usage ?? undefined));
      return other;
    } finally {
      counts.underWay -= 1;
    }
  };

  const keep = async (facts: Omit<PairFacts, "content" | "now">): Promise<ShadowContent> => {
    if (facts.status !== ShadowStatus.paired) return { ref: null, kept: null };
    try {
      return await keepContents(settings.content, facts.pairId, contentsOf(facts));
    } catch {
      counts.contentsLost += 1;
      return { ref: null, kept: null };
    }
  };

  const treat = async (offer: ShadowOffer, isLate: boolean): Promise<void> => {
    const { policy } = settings.router;
    const rate = policy?.shadow.rate ?? 0;
    const sides = pairSides(offer, policy);
    let status = whyDropped(offer, sides, isLate);
    let other: OtherAnswer | null = null;
    if (status === null) {
      const tokens = estimateTokens(shadowBody(offer.api, offer.body, sides.other));
      const reservation = budget.reserve(priceOrNull(settings.priceOf, sides.other), tokens);
      other = reservation === null ? null : await callWithin(offer, sides.other, reservation);
      status = other === null ? ShadowStatus.droppedBudget : statusOf(offer, other);
    }
    const { artifact, requestId } = offer.decision;
    const facts = { offer, sides, status, other, rate, pairId: await pairIdOf(artifact, requestId) };
    const content = await keep(facts);
    log.write(makePairRecord({ ...facts, content, now: settings.clock() }));
    byStatus[status] += 1;
  };

  const flush = async () => {
    while (underTreatment.size > 0) await Promise.all(underTreatment);
    await log.flush();
  };

  return {
    offer(offer) {
      if (offer.decision.shadow.sampled !== true) return;
      counts.sampled += 1;
      const isLate = isClosed;
      const treated: Promise<void> = afterServing()
        .then(() => treat(offer, isLate))
        .catch(() => {
          counts.faults += 1;
        })
        .finally(() => underTreatment.delete(treated));
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

function priceOrNull(priceOf: NonNullable<ResponseShadowOptions["priceOf"]>, model: string) {
  try {
    return priceOf(model);
  } catch {
    return null;
  }
}

function statusOf({ mode }: ShadowOffer, { error, isTimeout }: OtherAnswer): ShadowStatus {
  if (error === null) return ShadowStatus.paired;
  if (mode === "serve") return ShadowStatus.baselineFailed;
  return isTimeout ? ShadowStatus.candidateTimeout : ShadowStatus.candidateFailed;
}

function contentsOf({ offer, sides, other }: Omit<PairFacts, "content" | "now">) {
  const served = offer.served.answer?.text ?? null;
  const shadowed = other?.answer?.text ?? null;
  const [baseline, candidate] = sides.served === "baseline" ? [served, shadowed] : [shadowed, served];
  return { ...promptOf(offer.body), baseline, candidate };
}

function resolve(options: ResponseShadowOptions) {
  const { router, call, timeoutMs = 60_000, maxConcurrent = 4, maxContentChars = 8_000 } = options;
  checkAmount("maxUsdPerDay", options.maxUsdPerDay);
  checkAmount("timeoutMs", timeoutMs);
  checkAmount("maxConcurrent", maxConcurrent);
  checkAmount("maxContentChars", maxContentChars);
  const policyPrice = (wanted: string): TokenPrice | null => {
    const facts = router.policy?.models.find(({ model }) => model === wanted);
    const { input_usd_per_mtok: input = null, output_usd_per_mtok: output = null } = facts ?? {};
    return input === null || output === null ? null : { inputUsdPerMtok: input, outputUsdPerMtok: output };
  };
  return {
    router,
    call,
    timeoutMs,
    maxConcurrent,
    priceOf: options.priceOf ?? policyPrice,
    content: {
      mode: options.content ?? "none",
      redact: options.redact ?? redactText,
      maxChars: maxContentChars,
    },
    clock: options.clock ?? (() => new Date()),
  };
}

function checkAmount(name: string, value: number): void {
  if (typeof value === "number" && value >= 0) return;
  throw new RangeError(`openResponseShadow: ${name} is ${value}; give a number from 0`);
}
