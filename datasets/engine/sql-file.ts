import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";

const texts = new Map<string, string>();

/** Text of a `.sql` file of the package, read once.
 * @param path from the package root, such as "pipelines/audit/waste.sql" */
export function readSql(path: string): string {
  let text = texts.get(path);
  if (text === undefined) {
    text = readFileSync(join(packageRoot, path), "utf8");
    texts.set(path, text);
  }
  return text;
}
