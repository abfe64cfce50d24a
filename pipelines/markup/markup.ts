import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import type { MarkupGroup, MarkupResult } from "../../datasets/markup-result.js";
import { openPriceBook, type PriceBook } from "../../datasets/prices/price-book.js";
import { priceFolder } from "../../datasets/prices/read-price-folder.js";
import type { Progress } from "../../datasets/progress.js";
import { openTables, requireManifest, type Workspace, writeResult } from "../../datasets/workspace.js";
import { type GroupTotals, markupGroup } from "./markup-group.js";
import type { SampleRow } from "./sample-row.js";

/** Infer what gateways add to list prices from the costs that they report: results/markup.json.
 * @throws {StageError} when nothing was ingested */
export async function inferMarkup(
  workspace: Workspace,
  options: { onProgress?: Progress } = {},
): Promise<MarkupResult> {
  requireManifest(workspace, "ingest", `signalbox ingest FILES --workspace ${workspace.path}`);
  const engine = await openTables(workspace);
  try {
    const book = openPriceBook({ folder: priceFolder(workspace) });
    const result = await inferMarkupTables(engine, book, options);
    writeResult(workspace, "markup", result);
    return result;
  } finally {
    engine.close();
  }
}

/** Mark-ups in an engine's `requests` table. */
export async function inferMarkupTables(
  engine: Engine,
  book: PriceBook,
  options: { onProgress?: Progress; rowsPerGroup?: number } = {},
): Promise<MarkupResult> {
  const { onProgress, rowsPerGroup = 4000 } = options;
  const totals = await engine.rows<GroupTotals>(readSql("pipelines/markup/markup-groups.sql"));
  const samples = new Map<string, SampleRow[]>();
  for await (const chunk of engine.chunks<SampleRow>(readSql("pipelines/markup/markup-sample.sql"), {
    rows: rowsPerGroup,
  })) {
    for (const row of chunk) {
      const sample = samples.get(keyOf(row)) ?? samples.set(keyOf(row), []).get(keyOf(row))!;
      sample.push(row);
    }
  }
  const groups: MarkupGroup[] = [];
  for (const [i, group] of totals.entries()) {
    onProgress?.({ label: "mark-up", done: i, total: totals.length, unit: "groups" });
    groups.push(markupGroup(group, samples.get(keyOf(group)) ?? [], book));
  }
  return {
    schema_version: 1,
    calls: totals.reduce((sum, { calls }) => sum + calls, 0),
    with_both: totals.reduce((sum, { usable }) => sum + usable, 0),
    groups,
    notes: notesOf(groups),
  };
}

function keyOf({
  gateway,
  provider,
  model,
}: {
  gateway: string;
  provider: string | null;
  model: string;
}): string {
  return JSON.stringify([gateway, provider, model]);
}

function notesOf(groups: readonly MarkupGroup[]): string[] {
  return [
    "A fee on topping up credits is charged outside the calls and can't be in any reported cost: compare what was paid with what was used (signalbox reconcile).",
    ...(groups.some(({ sampled, usable }) => sampled < usable)
      ? [
          "Groups with more calls than were looked at rest on a random sample; their dollars are scaled to all calls.",
        ]
      : []),
  ];
}
