import { existsSync } from "node:fs";
import type { CacheCalibrationResult } from "../../datasets/cache-calibration.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { createRandom } from "../../datasets/random.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import { readStream } from "../cache/read-stream.js";

/** Distinct prompts per segment: enough for each kind of flip to meet some that allow it. */
const perSegment = 500;
const longestProbe = 2_000;

/** Prompts of the traffic that the cache was calibrated on, by segment.
 * @returns null when the stream isn't where it was */
export async function readProbePrompts(
  workspace: Workspace,
  { kind, path }: CacheCalibrationResult["source"],
  seed: number,
): Promise<Map<string, string[]> | null> {
  if (kind === "workspace") return readLogged(workspace, seed);
  return path !== null && existsSync(path) ? readStreamed(path, seed) : null;
}

async function readLogged(workspace: Workspace, seed: number): Promise<Map<string, string[]>> {
  const engine = await openTables(workspace);
  try {
    const rows = await engine.rows<{ segment: string; text: string }>(
      readSql("pipelines/export/probe-prompts.sql"),
      { seed: String(seed), per_segment: perSegment },
    );
    const prompts = new Map<string, string[]>();
    for (const { segment, text } of rows) prompts.set(segment, [...(prompts.get(segment) ?? []), text]);
    return prompts;
  } finally {
    engine.close();
  }
}

/** A sample of each segment, every distinct text equally likely (Vitter's algorithm R). */
async function readStreamed(path: string, seed: number): Promise<Map<string, string[]>> {
  const random = createRandom(seed);
  const prompts = new Map<string, string[]>();
  const seen = new Map<string, Set<string>>();
  await readStream(path, {
    onItems: (items) => {
      for (const { text: given, segment: name } of items) {
        const [text, segment] = [given.trim(), name ?? "default"];
        const known = seen.get(segment) ?? new Set();
        if (text.length > longestProbe || known.has(text)) continue;
        seen.set(segment, known.add(text));
        const kept = prompts.get(segment) ?? [];
        prompts.set(segment, kept);
        const place = kept.length < perSegment ? kept.length : random.below(known.size);
        if (place < perSegment) kept[place] = text;
      }
    },
  });
  return prompts;
}
