import type { RecordSink } from "../log/line-log.js";
import type { Router } from "../router/router.js";
import { redactText } from "./redact-text.js";
import type { TokenPrice } from "./shadow-budget.js";
import type { ContentMode, ContentSettings } from "./shadow-content.js";
import type { ShadowCall } from "./shadow-offer.js";
import type { ShadowPairRecord } from "./shadow-pair.js";

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
  /** Longest prompt and answer that a record holds, UTF-16 units; 32,000 when absent. */
  maxContentChars?: number;
  clock?: () => Date;
}

/** Options with their defaults. */
export interface ShadowSettings {
  router: ResponseShadowOptions["router"];
  call: ResponseShadowOptions["call"];
  timeoutMs: number;
  maxConcurrent: number;
  /** Null = unknown, also when the caller's own function fails. */
  priceOf(model: string): TokenPrice | null;
  content: ContentSettings;
  clock: () => Date;
}

/** Fill in the defaults.
 * @throws {RangeError} for a budget, limit or time that isn't a number in its range */
export function shadowSettings(options: ResponseShadowOptions): ShadowSettings {
  const { router, call, timeoutMs = 60_000, maxConcurrent = 4, maxContentChars = 32_000 } = options;
  checkAmounts({ maxUsdPerDay: options.maxUsdPerDay, timeoutMs, maxConcurrent, maxContentChars });
  const priceOf = options.priceOf ?? ((model: string) => policyPrice(router, model));
  return {
    router,
    call,
    timeoutMs,
    maxConcurrent,
    priceOf: (model) => {
      try {
        return priceOf(model) ?? null;
      } catch {
        return null;
      }
    },
    content: {
      mode: options.content ?? "none",
      redact: options.redact ?? redactText,
      maxChars: maxContentChars,
    },
    clock: options.clock ?? (() => new Date()),
  };
}

function checkAmounts(amounts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(amounts)) {
    if (typeof value === "number" && value >= 0) continue;
    throw new RangeError(`openResponseShadow: ${name} is ${value}; give a number from 0`);
  }
}

function policyPrice({ policy }: ResponseShadowOptions["router"], wanted: string): TokenPrice | null {
  const facts = policy?.models.find(({ model }) => model === wanted);
  const { input_usd_per_mtok: input = null, output_usd_per_mtok: output = null } = facts ?? {};
  return input === null || output === null ? null : { inputUsdPerMtok: input, outputUsdPerMtok: output };
}
