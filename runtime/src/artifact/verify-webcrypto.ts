import type { SignatureCheck } from "./check-signature.js";
import { readPublicKey } from "./read-public-key.js";

/** Check signatures by WebCrypto, in workers and browsers that have Ed25519.
 * @param keys trusted public keys; see {@link readPublicKey}
 * @throws {TypeError} on a key that is none */
export function verifyByWebCrypto(keys: readonly string[]): SignatureCheck {
  const trusted = keys.map(readPublicKey);
  return async (message, signature) => {
    const { subtle } = crypto;
    for (const bytes of trusted) {
      const key = await subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
      if (await subtle.verify("Ed25519", key, copy(signature), copy(message))) return true;
    }
    return false;
  };
}

function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
