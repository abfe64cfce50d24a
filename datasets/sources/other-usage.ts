import { normaliseUsage } from "../tokens/normalise-usage.js";
import { asRecord, asRecords, asString } from "./json-access.js";
import type { RequestDraft } from "./source.js";

/** Usage inside one Anthropic call that its own counts leave out: another model's turns (an advisor, a server-side fallback)
 * and context compaction, from `usage.iterations`. An iteration that doesn't name its model ran on the call's own.
 * @param model of the call
 * @returns null when the counts hold everything */
export function otherUsageOf(usageRaw: unknown, model: string | null): RequestDraft["otherUsage"] {
  const others = asRecords(asRecord(usageRaw)?.iterations).flatMap((iteration) => {
    const own = asString(iteration.model);
    const name = own ?? model;
    if ((iteration.type === "message" && own === null) || name === null) return [];
    const read = normaliseUsage(iteration, { provider: "anthropic" });
    return read !== null && "usage" in read ? [{ model: name, usage: read.usage }] : [];
  });
  return others.length > 0 ? others : null;
}
