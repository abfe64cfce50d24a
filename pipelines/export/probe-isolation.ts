import { cacheKey } from "@signalbox/runtime";
import type { CacheExportResult } from "../../datasets/cache-export.js";

/** Tenants that careless keys confuse: absent and empty ones, spellings of nothing, look-alikes, other forms of the same letters. */
const tenants: ReadonlyArray<string | number | null> = [
  null,
  "",
  " ",
  "null",
  "undefined",
  "0",
  0,
  "acme",
  "Acme",
  "acme ",
  "\u0430cme",
  "ac\u200bme",
  "\uff41cme",
  "acme\u0000",
  "acm\u00e9",
  "acme\u0301",
  '","acme',
  "__proto__",
  "[object Object]",
];

/** Ask for the cache key of the same requests under every tenant, and compare the scopes and exact keys pairwise.
 * @returns counts; `shared` is above 0 only when the key is broken */
export function probeIsolation(prompts: readonly string[]): CacheExportResult["isolation"] {
  let [pairs, shared] = [0, 0];
  for (const prompt of prompts) {
    const keys = tenants.map((tenant) =>
      cacheKey({ prompt, ...(tenant === null ? {} : { meta: { tenant: tenant as string } }) }),
    );
    for (let i = 0; i < keys.length; i++) {
      for (let j = 0; j < i; j++) {
        pairs += 1;
        if (keys[i]!.scope === keys[j]!.scope || keys[i]!.exact === keys[j]!.exact) shared += 1;
      }
    }
  }
  return { requests: prompts.length, tenants: tenants.length, pairs, shared };
}
