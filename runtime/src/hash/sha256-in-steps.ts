import { sha256Hex, toHex } from "./sha256.js";

/** SHA-256 of a large file without holding up what else waits: in steps where the host hashes piece by piece, in the background by WebCrypto,
 * or at once where there is neither.
 * @param breathe called between the steps
 * @returns 64 lower-case hexadecimal digits */
export async function sha256HexInSteps(bytes: Uint8Array, breathe: () => Promise<void>): Promise<string> {
  const hash = openHostHash();
  if (hash !== undefined) {
    for (let at = 0; at < bytes.length; at += stepBytes) {
      hash.update(bytes.subarray(at, at + stepBytes));
      await breathe();
    }
    return hash.digest("hex");
  }
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) return sha256Hex(bytes);
  return toHex(new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)));
}

const stepBytes = 2 ** 20;

interface HostHash {
  update(data: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}

/** `crypto.createHash` of Node, asked for at run time: an import would keep this module out of workers. */
function openHostHash(): HostHash | undefined {
  const { process } = globalThis as {
    process?: {
      getBuiltinModule?: (name: string) => { createHash?: (algorithm: string) => HostHash } | undefined;
    };
  };
  return process?.getBuiltinModule?.("crypto")?.createHash?.("sha256");
}
