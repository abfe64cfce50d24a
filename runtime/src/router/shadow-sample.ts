import { sha256Hex } from "../hash/sha256.js";

/** Where one unit falls in a shadow test. */
export interface ShadowSample {
  sampled: boolean;
  /** In [0, 1), uniform over units. */
  bucket: number;
  /** 24 hex digits that stand for the unit in logs. */
  unitHash: string;
}

/** Assign a unit to the shadow sample: always the same way for the same salt, and independently for another.
 * bucket = first 32 bits of sha256(salt ":" unit) / 2^32; sampled = bucket < rate.
 * @param unit session id where there is one, so that a conversation stays whole
 * @param rate share of units, in [0, 1] */
export function sampleShadow({
  salt,
  rate,
  unit,
}: {
  salt: string;
  rate: number;
  unit: string;
}): ShadowSample {
  const digest = sha256Hex(`${salt}:${unit}`);
  const bucket = Number.parseInt(digest.slice(0, 8), 16) / 2 ** 32;
  return { sampled: bucket < rate, bucket, unitHash: digest.slice(8, 32) };
}
