import { createPublicKey, verify } from "node:crypto";
import type { SignatureCheck } from "./check-signature.js";
import { readPublicKey, spkiStart } from "./read-public-key.js";

/** Check signatures by Node's own Ed25519.
 * @param keys trusted public keys; see {@link readPublicKey}
 * @throws {TypeError} on a key that is none */
export function verifyByNode(keys: readonly string[]): SignatureCheck {
  const trusted = keys.map((text) =>
    createPublicKey({
      key: Buffer.from([...spkiStart, ...readPublicKey(text)]),
      format: "der",
      type: "spki",
    }),
  );
  return (message, signature) => trusted.some((key) => verify(null, message, key, signature));
}
