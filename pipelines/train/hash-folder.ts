import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Hash of all Parquet files under a folder, by name and content; a folder that isn't there is an empty one.
 * @param root what the returned path is relative to */
export function hashFolder(folder: string, root: string): { path: string; sha256: string; bytes: number } {
  const hash = createHash("sha256");
  let bytes = 0;
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).sort() : [];
  for (const name of names.filter((other) => other.endsWith(".parquet"))) {
    const path = join(folder, name);
    hash.update(name).update("\0").update(readFileSync(path));
    bytes += statSync(path).size;
  }
  return { path: relative(root, folder), sha256: hash.digest("hex"), bytes };
}
