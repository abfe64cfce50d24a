import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { ReasonCount, RecordCounts } from "./file-marker.js";

/** Why records of each file did not become rows, by the file's path.
 * @param rows FROM-clause item with the columns of quarantine */
export async function countReasons(engine: Engine, rows: string): Promise<Map<string, ReasonCount[]>> {
  await engine.run(`CREATE OR REPLACE TEMP VIEW counted AS SELECT * FROM ${rows}`);
  const reasons = new Map<string, ReasonCount[]>();
  const counts = await engine.rows<ReasonCount & { source_file: string }>(
    readSql("pipelines/ingest/count-reasons.sql"),
  );
  for (const { source_file: path, ...reason } of counts) {
    const ofFile = reasons.get(path) ?? [];
    ofFile.push(reason);
    reasons.set(path, ofFile);
  }
  return reasons;
}

/** What became of the records that were read: those without a reason became rows. */
export function countRecords(read: number, reasons: readonly ReasonCount[]): RecordCounts {
  const count = (disposition: string): number =>
    reasons
      .filter((reason) => reason.disposition === disposition)
      .reduce((sum, reason) => sum + reason.count, 0);
  const quarantined = count("quarantined");
  const duplicates = count("duplicate");
  const skipped = count("skipped");
  return { read, accepted: read - quarantined - duplicates - skipped, quarantined, duplicates, skipped };
}
