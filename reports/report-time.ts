import { InputError } from "../datasets/errors.js";
import type { StageManifest } from "../datasets/workspace.js";

/** The time that a report prints: what is given, else SOURCE_DATE_EPOCH (seconds), else when the newest stage was completed; never
 * the clock's, so that the same inputs give the same bytes.
 * @returns ISO 8601 UTC
 * @throws {InputError} if it can't be read as a time */
export function reportTime(manifests: readonly StageManifest[], given: string | undefined): string {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  const newest = manifests
    .map((manifest) => manifest.completed_at)
    .sort()
    .at(-1);
  const time = given ?? (epoch ? Number(epoch) * 1000 : (newest ?? 0));
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    throw new InputError(
      `${String(time)}: not a time; give ISO 8601, or seconds since 1970 in SOURCE_DATE_EPOCH`,
    );
  }
  return date.toISOString();
}
