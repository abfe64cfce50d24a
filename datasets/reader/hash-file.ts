import { createHash, hash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";

/** SHA-256 of a file's bytes as they lie on disk, hex. */
export async function hashFile(path: string): Promise<string> {
  // Folders of a file per request: a stream costs more than the reading.
  if (statSync(path).size < smallBytes) return hash("sha256", readFileSync(path));
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: smallBytes }))
    digest.update(chunk as Buffer);
  return digest.digest("hex");
}

const smallBytes = 1024 * 1024;
