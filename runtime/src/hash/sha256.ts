import { digestSha256 } from "./sha256-digest.js";

/** SHA-256, synchronous. Text is hashed as UTF-8, with U+FFFD for lone surrogates. The host's own implementation is taken where it
 * has one (Node, and workers that offer Node's modules), else the plain one; both give the same bytes.
 * @returns 32 bytes */
export function sha256(data: string | Uint8Array): Uint8Array {
  if (hostHash !== undefined) return hostHash("sha256", data, "buffer") as Uint8Array;
  return digestSha256(typeof data === "string" ? encoder.encode(data) : data);
}

/** The same as 64 lower-case hexadecimal digits. */
export function sha256Hex(data: string | Uint8Array): string {
  if (hostHash !== undefined) return hostHash("sha256", data, "hex") as string;
  return toHex(sha256(data));
}

/** The same of a text's UTF-16 units, low byte first: no two texts share it, lone surrogates or not. */
export function sha256HexOfUnits(text: string): string {
  const units = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[2 * i] = unit;
    units[2 * i + 1] = unit >> 8;
  }
  return sha256Hex(units);
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += hexOfByte[byte];
  return hex;
}

type HostHash = (
  algorithm: string,
  data: string | Uint8Array,
  encoding: "buffer" | "hex",
) => Uint8Array | string;

const encoder = new TextEncoder();
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hostHash = findHostHash();

/** `crypto.hash` of Node, asked for at run time: an import would keep this module out of workers. */
function findHostHash(): HostHash | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => { hash?: HostHash } | undefined };
  };
  return process?.getBuiltinModule?.("crypto")?.hash;
}
