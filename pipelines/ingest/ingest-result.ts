import { readSql } from "../../datasets/engine/sql-file.js";
import type { IngestResult } from "../../datasets/results.js";
import { openTables, type Workspace } from "../../datasets/workspace.js";
import type { FileMarker, ReasonCount, RecordCounts } from "./file-marker.js";

/** One file of a result: its marker, and whether its rows had been stored before. */
export interface ReportedFile {
  marker: FileMarker;
  reused: boolean;
}

interface ResultContext {
  content: string;
  ignored: NonNullable<IngestResult["ignored_files"]>;
  attempts: IngestResult["attempts"];
}

/** The result document of some files.
 * @throws {Error} if records are unaccounted for: a bug, never the data */
export async function ingestResult(
  workspace: Workspace,
  files: readonly ReportedFile[],
  { content, ignored, attempts }: ResultContext,
): Promise<IngestResult> {
  for (const { marker } of files) checkCounts(marker.path, marker);
  // A copy, or duplicates, gave no rows.
  const datedByFile = files.reduce(
    (sum, { marker }) => sum + Math.min(marker.dated_by_file ?? 0, marker.accepted),
    0,
  );
  const totals = sumCounts(files.map(({ marker }) => marker));
  checkCounts("all files", totals);
  return {
    schema_version: 1,
    files: files.map(({ marker, reused }) => ({
      path: marker.path,
      sha256: marker.sha256,
      bytes: marker.bytes,
      source: marker.source,
      ...countsOf(marker),
      reused,
    })),
    totals,
    reasons: sumReasons(files.flatMap(({ marker }) => marker.reasons)),
    unpriced_models: await unpricedModels(workspace),
    content,
    ...(datedByFile > 0 && { dated_by_file: datedByFile }),
    ...(attempts && { attempts }),
    ignored_files: ignored,
    ...(files.some(({ marker }) => marker.is_synthetic) && { is_synthetic: true }),
  };
}

/** read = accepted + quarantined + duplicates + skipped, or something was lost.
 * @throws {Error} naming what doesn't add up */
export function checkCounts(what: string, counts: RecordCounts): void {
  const { read, accepted, quarantined, duplicates, skipped } = counts;
  if (read === accepted + quarantined + duplicates + skipped) return;
  throw new Error(
    `${what}: read ${read} is not accepted ${accepted} + quarantined ${quarantined} + duplicates ${duplicates} + skipped ${skipped}`,
  );
}

/** The counts alone. */
export function countsOf({ read, accepted, quarantined, duplicates, skipped }: RecordCounts): RecordCounts {
  return { read, accepted, quarantined, duplicates, skipped };
}

/** Sums of the counts of many files. */
export function sumCounts(counts: readonly RecordCounts[]): RecordCounts {
  const total: RecordCounts = { read: 0, accepted: 0, quarantined: 0, duplicates: 0, skipped: 0 };
  for (const name of Object.keys(total) as Array<keyof RecordCounts>) {
    for (const file of counts) total[name] += file[name];
  }
  return total;
}

function sumReasons(reasons: readonly ReasonCount[]): ReasonCount[] {
  const sums = new Map<string, ReasonCount>();
  for (const reason of reasons) {
    const key = `${reason.disposition}\0${reason.reason}`;
    const sum = sums.get(key);
    if (sum) sum.count += reason.count;
    else sums.set(key, { ...reason });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

async function unpricedModels(workspace: Workspace): Promise<IngestResult["unpriced_models"]> {
  const engine = await openTables(workspace);
  try {
    return await engine.rows(readSql("pipelines/ingest/unpriced-models.sql"));
  } finally {
    engine.close();
  }
}
