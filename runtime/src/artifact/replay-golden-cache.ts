import type { CacheRules } from "../cache/cache-decision.js";
import { guardPair } from "../cache/compare-prompts.js";
import { findServable, pairFeatures } from "../cache/pair-features.js";
import { scorePair } from "../cache/pair-model.js";
import { preparePrompt } from "../cache/prepare-prompt.js";
import type { Breather } from "../life/breather.js";
import type { GoldenCacheRow } from "./artifact.js";
import { ArtifactError, ArtifactFault } from "./artifact-error.js";
import { differing } from "./replay-golden.js";

const tolerance = 1e-5;

/** What this runtime makes of a prompt and its cached neighbours: a golden row, as export writes it. */
export function goldenCacheRow(
  { model }: CacheRules,
  { prompt, neighbours }: Pick<GoldenCacheRow, "prompt" | "neighbours">,
): GoldenCacheRow {
  const asked = preparePrompt(prompt);
  const guard = neighbours.map((neighbour) => guardPair(asked, neighbour.prompt));
  const at = findServable(asked, neighbours);
  const features = at < 0 ? null : [...pairFeatures(asked, neighbours, at)];
  const score = features === null ? null : model === null ? features[0]! : scorePair(model, features);
  return { prompt, neighbours, guard, at, features, score };
}

/** Decide every row of golden-cache.jsonl again: a guard or features that are not the exporter's would void the certificates.
 * @throws {ArtifactError} bad_json, golden_mismatch */
export async function replayGoldenCache(
  text: string,
  path: string,
  { rules, breathe }: { rules: CacheRules; breathe: Breather },
): Promise<void> {
  const rows = parseRows(text, path);
  for (const [i, row] of rows.entries()) {
    await breathe();
    const difference = replayRow(row, rules);
    if (difference === null) continue;
    const message = `row ${i + 1}: ${difference}; this runtime doesn't compare prompts as the exporter did: calibrate the cache and export again`;
    throw new ArtifactError(ArtifactFault.goldenMismatch, path, message);
  }
  if (rows.length > 0) return;
  throw new ArtifactError(ArtifactFault.goldenMismatch, path, "has no rows; export the artifact again");
}

function parseRows(text: string, path: string): GoldenCacheRow[] {
  try {
    return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as GoldenCacheRow]));
  } catch (error) {
    throw new ArtifactError(ArtifactFault.badJson, path, "not JSONL; export the artifact again", {
      cause: error,
    });
  }
}

function replayRow(row: GoldenCacheRow, rules: CacheRules): string | null {
  if (!isRow(row)) return "is no row";
  const found = goldenCacheRow(rules, row);
  if (found.guard.join() !== row.guard?.join()) return `guard is ${found.guard}, expected ${row.guard}`;
  if (found.at !== row.at) return `at is ${found.at}, expected ${row.at}`;
  return (
    differing("features", found.features ?? [], row.features ?? [], tolerance) ??
    differing("score", [found.score ?? 0], [row.score ?? 0], tolerance)
  );
}

function isRow(row: GoldenCacheRow | null): boolean {
  const isNear = (near: GoldenCacheRow["neighbours"][number] | null) =>
    typeof near?.prompt === "string" && Number.isFinite(near.similarity);
  return (
    typeof row?.prompt === "string" &&
    Array.isArray(row.guard) &&
    Array.isArray(row.neighbours) &&
    row.neighbours.every(isNear)
  );
}
