import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { openDuckDb } from "./engine/duckdb.js";
import { StorageError } from "./errors.js";

/** Find the damaged Parquet file behind an engine's complaint, which often doesn't name it, by reading every file of the tables. Slow; for
 * when something has failed already.
 * @param folders of tables in a workspace, each named as its table
 * @returns an error that names the file and the command that writes it anew; the error itself when every file can be read */
export async function findDamage(folders: readonly string[], error: StorageError): Promise<StorageError> {
  const engine = await openDuckDb();
  try {
    for (const folder of folders.filter((path) => existsSync(path))) {
      const names = readdirSync(folder, { recursive: true }).map(String);
      for (const name of names.filter((path) => path.endsWith(".parquet"))) {
        const file = join(folder, name);
        const isDamaged = await engine
          .rows(`SELECT count(hash(COLUMNS(*))) FROM read_parquet('${file.replaceAll("'", "''")}')`)
          .then(() => false)
          .catch(() => true);
        const command = writers[basename(folder)];
        if (isDamaged && command !== undefined)
          return new StorageError(
            `${file}: damaged (${error.detail}); delete it, and write it anew with: ${command}`,
            { cause: error, isExplained: true },
          );
      }
    }
    return error;
  } finally {
    engine.close();
  }
}

/** What writes each table. */
const writers: Readonly<Record<string, string>> = {
  requests: "signalbox ingest (the same files)",
  attempt_links: "signalbox ingest (the same files)",
  quarantine: "signalbox ingest (the same files)",
  outcomes: "signalbox label, or signalbox outcomes import",
  outcome_items: "signalbox label, or signalbox outcomes import",
  labels: "signalbox label",
  cache_candidates: "signalbox cache replay",
  cache_pairs: "signalbox cache pairs judge",
  shadow_verdicts: "signalbox shadow judge",
  replay: "signalbox simulate",
  replay_models: "signalbox simulate",
};
