import type { Engine } from "../../../datasets/engine/engine.js";
import { readSql } from "../../../datasets/engine/sql-file.js";
import { redact } from "../../../datasets/privacy/redact.js";
import { createTableSql, defineTable } from "../../../datasets/table.js";

const tainted = defineTable({
  name: "tainted",
  grain: "one row per label that redaction changes",
  columns: { label: { type: "VARCHAR", required: true, about: "Name as logged" } },
});

/** Leave records to JavaScript whose shared labels (model, app, tenant, ...) hold secrets or personal data. Few labels look like it
 * (`claude-sonnet-4-20250514` has a long number), so that Node itself can ask the detectors. */
export async function dropTainted(engine: Engine, salt: string): Promise<void> {
  const suspicious = await engine.rows<{ label: string }>(
    readSql("pipelines/ingest/bulk/suspicious-labels.sql"),
  );
  const found = suspicious.filter(({ label }) => redact(label, salt).text !== label);
  if (found.length === 0) return;
  await engine.run(createTableSql(tainted).replace("CREATE TABLE", "CREATE OR REPLACE TEMP TABLE"));
  await engine.append("tainted", tainted, found);
  await engine.run(readSql("pipelines/ingest/bulk/drop-tainted.sql"));
}
