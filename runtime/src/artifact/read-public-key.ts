import { decodeBase64 } from "../hash/base64.js";

/** Read an Ed25519 public key.
 * @param text PEM of its SubjectPublicKeyInfo, or base64 of that or of the 32 raw bytes
 * @returns 32 bytes
 * @throws {TypeError} on anything else, a private key included
 * @see RFC 8410, section 4 */
export function readPublicKey(text: string): Uint8Array<ArrayBuffer> {
  const pem = /^\s*-----BEGIN PUBLIC KEY-----([\s\S]*)-----END PUBLIC KEY-----\s*$/.exec(text);
  const bytes = decodeBase64(pem?.[1] ?? text);
  if (bytes?.length === 32 && pem === null) return bytes;
  const isSpki = bytes?.length === 44 && spkiStart.every((byte, i) => bytes[i] === byte);
  if (isSpki) return bytes.slice(spkiStart.length);
  throw new TypeError(
    "verify is no Ed25519 public key; give its PEM (-----BEGIN PUBLIC KEY-----) or base64 of its 32 bytes",
  );
}

/** Bytes before the key in its DER: SEQUENCE, AlgorithmIdentifier of 1.3.101.112, BIT STRING. */
export const spkiStart = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00] as const;
