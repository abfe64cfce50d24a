import { writeFileSync } from "node:fs";

/** Write a JSONL file; texts are written as they are, to make broken lines.
 * @returns the path */
export function writeLines(path: string, lines: readonly unknown[]): string {
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(path, `${texts.join("\n")}\n`);
  return path;
}
