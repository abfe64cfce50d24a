import { existsSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CachePairRow, cachePairs } from "../../../datasets/cache-pairs.js";
import type { CachePairsResult, ImportedCachePairs } from "../../../datasets/cache-pairs-result.js";
import { DataError, InputError } from "../../../datasets/errors.js";
import { hashFile } from "../../../datasets/reader/hash-file.js";
import { tableFolder, type Workspace } from "../../../datasets/workspace.js";
import { lockWorkspace } from "../../ingest/ingest-lock.js";
import { hashOf } from "../../label/label-item.js";
import { concludePairs } from "./conclude-pairs.js";
import { matchVerdicts } from "./match-verdicts.js";
import { requireReplay } from "./plan-pairs.js";
import { readPairVerdicts } from "./read-pair-verdicts.js";
import { replayId } from "./replay-id.js";
import { writePairs } from "./write-pairs.js";

/** Take verdicts on the replay's pairs from a file: humans', or known right ones. They go before the judge's, and where both judged they say
 * how far the judge can be trusted. Importing a path again replaces what it gave before. Rows that can't be used are counted by reason.
 * @param file JSONL or CSV: see {@link readPairVerdicts}
 * @throws {InputError} if the file isn't there, or another process judges
 * @throws {StageError} if nothing was replayed
 * @throws {DataError} if no row can be used */
export async function importPairs(workspace: Workspace, file: string): Promise<CachePairsResult> {
  const started = performance.now();
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new InputError(`${file}: no such file; name a JSONL or CSV file of verdicts on pairs`);
  requireReplay(workspace);
  const unlock = lockWorkspace(workspace, "label");
  try {
    const given = await readPairVerdicts(path);
    const { rows, unused } = await matchVerdicts(workspace, given);
    if (rows.length === 0) throw new DataError(nothingUsed(file, given.rows, unused));
    rmSync(join(workspace.path, "cache-pairs.manifest.json"), { force: true });
    const name = `imported-${hashOf(path).slice(0, 12)}.parquet`;
    await writePairs(rows, join(tableFolder(workspace, cachePairs), name));
    const imported: ImportedCachePairs = {
      path,
      sha256: await hashFile(path),
      bytes: statSync(path).size,
      replay_id: replayId(workspace),
      imported_at: new Date().toISOString(),
      rows: given.rows,
      used: rows.length,
      raters: [...new Set(rows.map(({ judge }) => judge))].sort(),
      ...countVerdicts(rows),
      unused,
    };
    const seconds = (performance.now() - started) / 1_000;
    return await concludePairs(workspace, { imported, seed: null, seconds });
  } finally {
    unlock();
  }
}

function countVerdicts(
  rows: readonly CachePairRow[],
): Pick<ImportedCachePairs, "same" | "different" | "cannot_tell"> {
  const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
  return { same: count("same"), different: count("different"), cannot_tell: count("cannot_tell") };
}

function nothingUsed(file: string, rows: number, unused: ImportedCachePairs["unused"]): string {
  const reasons = unused.map((entry) => `${entry.rows} ${entry.reason} (line ${entry.lines[0]})`).join("; ");
  return `${file}: none of ${rows} rows is a verdict on a pair of the replay: ${reasons || "the file is empty"}`;
}
