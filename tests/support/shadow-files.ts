import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PlantedShadowOptions, plantShadow } from "../../datasets/synthetic/planted-shadow.js";

/** A file of JSON lines; texts are written as they are. */
export function linesFile(rows: readonly unknown[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "signalbox-shadow-")), "rows.jsonl");
  writeFileSync(path, rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join(""));
  return path;
}

/** The three logs of a planted shadow as files: what analyzeShadow takes. */
export function shadowFiles(options: PlantedShadowOptions): {
  logs: string[];
  pairs: string[];
  verdicts: string[];
} {
  const { pairs, verdicts, decisions } = plantShadow(options);
  return { logs: [linesFile(decisions)], pairs: [linesFile(pairs)], verdicts: [linesFile(verdicts)] };
}
