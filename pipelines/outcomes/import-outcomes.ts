import { existsSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { openDuckDb } from "../../datasets/engine/duckdb.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { InputError } from "../../datasets/errors.js";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import type { Progress } from "../../datasets/progress.js";
import { hashFile } from "../../datasets/reader/hash-file.js";
import { openTables, type Workspace, writeManifest } from "../../datasets/workspace.js";
import { contentRules } from "../ingest/content-rules.js";
import { lockWorkspace } from "../ingest/ingest-lock.js";
import { toolkitVersion } from "../ingest/toolkit-version.js";
import {
  type ImportMarker,
  importedParquet,
  readImports,
  removeImport,
  removeImportDebris,
  writeImport,
} from "./import-marker.js";
import { readItems } from "./read-items.js";
import { storeImport } from "./store-import.js";

/** What an import gave. read = items + rejected.length. */
export interface OutcomesImport {
  read: number;
  items: number;
  outcomes: number;
  /** Records that were not imported, with their place and reason; they are in the quarantine table as well. */
  rejected: Array<{ line: number; reason: string; detail: string }>;
  models: OutcomeModel[];
  /** True when the same content had been imported before and was kept. */
  reused: boolean;
}

/** One model of an import. */
interface OutcomeModel {
  model: string;
  outcomes: number;
  mean_quality: number;
  /** Mean over the answers whose cost is known; null when none is. */
  mean_cost_usd: number | null;
  given_costs: number;
  price_book_costs: number;
  missing_costs: number;
}

interface ImportOptions {
  /** What to keep of the prompts: redacted (default) or full. Outcomes without text can't train a router. */
  content?: typeof ContentMode.redacted | typeof ContentMode.full;
  /** Clock: the price date of items without a time. */
  now?: Date;
  onProgress?: Progress;
}

/** Import known quality of models' answers (evaluations, feedback, paired runs) from JSONL; see {@link readOutcomeItem} for the
 * shape of a record. Importing the same content again changes nothing; importing a changed file under the same path replaces
 * what it gave before. An id that another file has given is rejected, with the name of that file: ids are unique in a workspace.
 * @throws {InputError} if the file isn't there, or another process is writing the workspace */
export async function importOutcomes(
  workspace: Workspace,
  file: string,
  options: ImportOptions = {},
): Promise<OutcomesImport> {
  const { content = ContentMode.redacted, now = new Date(), onProgress = () => {} } = options;
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new InputError(`${file}: no such file; name a JSONL file of outcomes`);
  const release = lockWorkspace(workspace);
  const started = Date.now();
  try {
    const sha256 = await hashFile(path);
    const known = readImports(workspace);
    removeImportDebris(workspace, known);
    const same = known.find((other) => other.sha256 === sha256);
    if (same && same.content === content && same.toolkit === toolkitVersion)
      return { ...(await summarise(workspace, same)), reused: true };
    for (const old of known.filter((other) => other.path === path || other.sha256 === sha256))
      removeImport(workspace, old);
    rmSync(join(workspace.path, "outcomes.manifest.json"), { force: true });
    const engine = await openDuckDb({ memoryLimit: "1GB", temporaryFolder: join(workspace.path, "tmp") });
    try {
      const counts = await readItems(workspace, engine, {
        path,
        rules: contentRules(content, workspace),
        now,
        onProgress,
      });
      await storeImport(workspace, engine, sha256);
      const marker: ImportMarker = {
        schema_version: 1,
        path,
        sha256,
        bytes: statSync(path).size,
        content,
        toolkit: toolkitVersion,
        ...counts,
      };
      writeImport(workspace, marker);
      writeOutcomesManifest(workspace, (Date.now() - started) / 1000);
      return { ...(await summarise(workspace, marker)), reused: false };
    } finally {
      engine.close();
    }
  } finally {
    release();
  }
}

async function summarise(
  workspace: Workspace,
  marker: ImportMarker,
): Promise<Omit<OutcomesImport, "reused">> {
  const engine = await openTables(workspace);
  try {
    const [, , rejectedPath] = importedParquet(workspace, marker.sha256);
    return {
      read: marker.read,
      items: marker.items,
      outcomes: marker.outcomes,
      rejected: existsSync(rejectedPath!)
        ? await engine.rows(readSql("pipelines/outcomes/rejected-items.sql"), { path: rejectedPath! })
        : [],
      models: await engine.rows<OutcomeModel>(readSql("pipelines/outcomes/outcome-models.sql"), {
        path: importedParquet(workspace, marker.sha256)[0]!,
      }),
    };
  } finally {
    engine.close();
  }
}

function writeOutcomesManifest(workspace: Workspace, seconds: number): void {
  const imports = readImports(workspace);
  const sum = (name: "read" | "items" | "quarantined" | "duplicates" | "outcomes"): number =>
    imports.reduce((total, marker) => total + marker[name], 0);
  writeManifest(workspace, {
    stage: "outcomes",
    completed_at: new Date().toISOString(),
    versions: { signalbox: toolkitVersion },
    inputs: imports.map(({ path, sha256, bytes }) => ({ path, sha256, bytes })),
    rows: {
      read: sum("read"),
      items: sum("items"),
      quarantined: sum("quarantined"),
      duplicates: sum("duplicates"),
      outcomes: sum("outcomes"),
    },
    seed: null,
    seconds,
    notes: [],
  });
}
