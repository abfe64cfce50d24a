import { createHash } from "node:crypto";

/** A number in [0, 1) that depends on nothing but the parts: a coin that always falls the same way for the same thing. */
export function hashUnit(...parts: ReadonlyArray<string | number>): number {
  return createHash("sha256").update(parts.join("\0")).digest().readUIntBE(0, 6) / 2 ** 48;
}
