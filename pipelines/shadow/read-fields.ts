/** A record of a JSONL file, or null for anything else that JSON can hold. */
export function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** A text that is not empty and not absurdly long; null otherwise. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= 1_000 ? value : null;
}

/** A finite number within bounds, null otherwise. */
export function numberWithin(value: unknown, low: number, high: number): number | null {
  return typeof value === "number" && value >= low && value <= high ? value : null;
}

/** Microseconds since 1970 of an ISO time from 2015 to 2100; null otherwise. */
export function timeOf(value: unknown): number | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return ms >= earliestMs && ms <= latestMs ? ms * 1_000 : null;
}

const earliestMs = Date.UTC(2015, 0);
const latestMs = Date.UTC(2100, 0);

/** Slices of a record: those dimensions that hold a text. */
export function slicesOf(value: unknown): Record<string, string> {
  const record = recordOf(value) ?? {};
  const slices: Record<string, string> = {};
  for (const dimension of sliceDimensions) {
    const slice = textOf(record[dimension]);
    if (slice !== null) slices[dimension] = slice;
  }
  return slices;
}

/** Dimensions that the decision log and the shadow log divide requests by. */
export const sliceDimensions = ["app", "plan", "locale", "endpoint"] as const;
