import type { RouteRequest } from "../request/request.js";
import { type Fields, recordOf } from "../request/request-fields.js";

/** What a request asks of the choice, beside its content. */
export interface Wishes {
  /** Null = every model. */
  allowModels: readonly string[] | null;
  denyModels: readonly string[] | null;
  /** Lower case; null = anywhere. */
  regions: readonly string[] | null;
  /** Null = the policy's own. */
  retention: number | null;
  /** USD, 0 or more; null = no cap. */
  maxCostUsd: number | null;
  meta: Fields;
}

const noFields: Fields = {};

/** Wishes of a request that has none. */
export const noWishes: Wishes = {
  allowModels: null,
  denyModels: null,
  regions: null,
  retention: null,
  maxCostUsd: null,
  meta: noFields,
};

/** Names of one list that are read. */
const namesRead = 1_000;

/** Read what a request asks of the choice. A field of the wrong type, an empty list and a number that is none are read as absent.
 * @param retention the router's own setting, where the request names none */
export function readWishes(request: RouteRequest, retention: number | null): Wishes {
  const fields = recordOf(request);
  return {
    allowModels: readNames(fields.allowModels),
    denyModels: readNames(fields.denyModels),
    regions: readNames(fields.regions)?.map((region) => region.toLowerCase()) ?? null,
    retention: readFinite(fields.retention) ?? retention,
    maxCostUsd: readCap(fields.maxCostUsd),
    meta: recordOf(fields.meta),
  };
}

/** A finite number; null for everything else. */
export function readFinite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function readNames(value: unknown): string[] | null {
  if (value === undefined || value === null) return null;
  const given: unknown[] = Array.isArray(value) ? value.slice(0, namesRead) : [value];
  const names = given.filter((name): name is string => typeof name === "string" && name !== "");
  return names.length > 0 ? names : null;
}

function readCap(value: unknown): number | null {
  const cap = readFinite(value);
  return cap !== null && cap >= 0 ? cap : null;
}

/** Facts that results are split by. */
const sliceNames = ["app", "plan", "locale", "endpoint"] as const;
const longestSlice = 64;

/** Slices of a request: app, plan, locale and endpoint of its meta, where they are texts of 1 to 64 characters. */
export function readSlices(request: RouteRequest): Record<string, string> {
  const meta = recordOf(recordOf(request).meta);
  const slices: Record<string, string> = {};
  for (const name of sliceNames) {
    const value = meta[name];
    if (typeof value === "string" && value !== "" && value.length <= longestSlice) slices[name] = value;
  }
  return slices;
}
