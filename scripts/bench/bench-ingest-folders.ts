import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openOrCreateWorkspace, openTables } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { percent } from "../terminal.js";

/** Ingest every folder of real logs into a workspace of its own and tabulate what became of the records.
 * @param logs folder of folders */
export async function logFoldersTable(
  logs: string,
): Promise<{ title: string; columns: string[]; rows: string[][] }> {
  const folders = readdirSync(logs, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const rows: string[][] = [];
  for (const { name } of folders) rows.push([name, ...(await readFolder(join(logs, name)))]);
  return {
    title: "Real logs, by folder",
    columns: [
      "folder",
      "files",
      "read",
      "accepted",
      "quarantined",
      "skipped",
      "duplicates",
      "priced",
      "reasons",
    ],
    rows,
  };
}

const count = (n: number) => n.toLocaleString("en-US");

async function readFolder(folder: string): Promise<string[]> {
  const temporary = mkdtempSync(join(tmpdir(), "signalbox-logs-"));
  try {
    const workspace = openOrCreateWorkspace(join(temporary, "ws"));
    const { files, totals, reasons } = await ingest(workspace, [folder]);
    const engine = await openTables(workspace);
    const [priced] = await engine.rows<{ share: number | null }>(
      "SELECT avg(CAST(cost_list_usd IS NOT NULL AS INTEGER)) AS share FROM requests",
    );
    engine.close();
    return [
      ...[
        files.length,
        totals.read,
        totals.accepted,
        totals.quarantined,
        totals.skipped,
        totals.duplicates,
      ].map(count),
      priced!.share === null ? "-" : percent(priced!.share),
      reasons.map(({ reason, count: n }) => `${reason} ${count(n)}`).join(", ") || "-",
    ];
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
