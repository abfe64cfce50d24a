import type { Policy } from "@signalbox/runtime";

/** What differs between two policies, one line a field: `ramp.share: 0.1 -> 0.25`. Lists are compared as wholes, except that
 * rules are named by their ids. */
export function policyChanges(before: Policy, after: Policy): string[] {
  return [...differences("", before, after)];
}

function* differences(path: string, before: unknown, after: unknown): Generator<string> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (!isPlain(before) || !isPlain(after)) {
    yield `${path}: ${show(before)} -> ${show(after)}`;
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    yield* differences(path === "" ? key : `${path}.${key}`, before[key], after[key]);
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === undefined) return "absent";
  const ids = Array.isArray(value) ? value.map((item) => (isPlain(item) ? item.id : undefined)) : [];
  if (ids.length > 0 && ids.every((id) => typeof id === "string")) return cut(`[${ids.join(", ")}]`);
  return cut(JSON.stringify(value));
}

/** Base64 tables and long lists aren't for reading. */
function cut(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}...`;
}

const longestShown = 120;
