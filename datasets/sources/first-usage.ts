import { type NormalisedUsage, normaliseUsage, type UsageHint } from "../tokens/normalise-usage.js";
import { outputTotal } from "../tokens/token-usage.js";

/** Usage that a log states in several places: the first of them that counts anything and doesn't contradict itself; when all
 * contradict themselves, the first one's error. A count that is smaller than its cache part left the cache out, whatever the
 * source's convention is. */
export function firstUsage(places: ReadonlyArray<{ raw: unknown; hint?: UsageHint }>): {
  usage: NormalisedUsage | null;
  raw: unknown;
} {
  let failed: { usage: NormalisedUsage; raw: unknown } | null = null;
  for (const { raw, hint } of places) {
    const usage = readUsage(raw, hint);
    if (usage === null) continue;
    if (!("error" in usage)) return { usage, raw };
    failed ??= { usage, raw };
  }
  return failed ?? { usage: null, raw: null };
}

/** Whether the counts are all zero: what gateways write for calls that were never answered. */
export function isZeroUsage(usage: NormalisedUsage): boolean {
  return "usage" in usage && Object.values(usage.usage).every((count) => !count);
}

/** Whether anything was answered. */
export function hasOutput(usage: NormalisedUsage | null): boolean {
  return usage !== null && "usage" in usage && outputTotal(usage.usage) > 0;
}

function readUsage(raw: unknown, hint: UsageHint | undefined): NormalisedUsage | null {
  const usage = normaliseUsage(raw, hint);
  if (usage === null || !("error" in usage) || usage.error !== "cache_exceeds_input") return usage;
  return normaliseUsage(raw, { ...hint, convention: "exclusive" });
}
