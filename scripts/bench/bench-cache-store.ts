import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFileAtomic } from "../../datasets/workspace.js";

/** Numbers that take minutes to compute, kept in the system's temporary folder under the hash of what they are computed from.
 * @param inputs everything that they depend on */
export async function keptBytes(
  inputs: readonly string[],
  compute: () => ArrayBuffer | Promise<ArrayBuffer>,
): Promise<ArrayBuffer> {
  const hash = createHash("sha256");
  for (const input of inputs) hash.update(input).update("\0");
  const folder = join(tmpdir(), "signalbox-bench-cache");
  const path = join(folder, `${hash.digest("hex")}.bin`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileAtomic(path, Buffer.from(await compute()));
  }
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}
