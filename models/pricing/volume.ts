/** What plans charge for, each a sum over calls: a month's traffic, a user's part of it, or one average call. Attempts are calls; tokens
 * are in disjoint parts; the `batchable_` fields are parts of those without. */
export const volumeFields = [
  "calls",
  "failed_calls",
  "input_tokens",
  "cached_input_tokens",
  "cache_write_tokens",
  "output_tokens",
  "list_usd",
  "batchable_input_tokens",
  "batchable_cached_input_tokens",
  "batchable_cache_write_tokens",
  "batchable_output_tokens",
  "batchable_list_usd",
] as const;

/** `list_usd` is the list price of the calls in USD; NaN where it isn't known, which makes plans at list price NaN too. */
export type Volume = Record<(typeof volumeFields)[number], number>;

/** The traffic of one field list read by name; fields that aren't given are 0. */
export function volumeOf(fields: Partial<Volume>): Volume {
  return mapVolume((field) => fields[field] ?? 0);
}

/** The same traffic so many times over. */
export function scaleVolume(volume: Volume, factor: number): Volume {
  return mapVolume((field) => volume[field] * factor);
}

/** Make a volume field by field. */
export function mapVolume(fieldOf: (field: keyof Volume, index: number) => number): Volume {
  return Object.fromEntries(volumeFields.map((field, i) => [field, fieldOf(field, i)])) as Volume;
}

/** All tokens of a volume. */
export function tokensOf(volume: Volume): number {
  return volume.input_tokens + volume.cached_input_tokens + volume.cache_write_tokens + volume.output_tokens;
}
