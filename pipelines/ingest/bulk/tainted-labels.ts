import type { Engine } from "../../../datasets/engine/engine.js";
import { readSql } from "../../../datasets/engine/sql-file.js";
import { redact } from "../../../datasets/privacy/redact.js";
import { createTableSql, defineTable } from "../../../datasets/table.js";

const tainted = defineTable({
  name: "tainted",
  grain: "one row per label that redaction changes",
  columns: { label: { type: "VARCHAR", required: true, about: "Name as logged" } },
});

/** Leaves records to JavaScript whose shared labels (model, app, tenant, ...) hold secrets or personal data. Few labels are distinct,
 * so that Node itself asks the detectors, and remembers what they said. */
export class TaintedLabels {
  private readonly isTainted = new Map<string, boolean>();

  constructor(private readonly salt: string) {}

  async drop(engine: Engine): Promise<void> {
    const found = (
      await engine.rows<{ label: string }>(readSql("pipelines/ingest/bulk/distinct-labels.sql"))
    ).filter(({ label }) => this.isChanged(label));
    if (found.length === 0) return;
    await engine.run(createTableSql(tainted).replace("CREATE TABLE", "CREATE OR REPLACE TEMP TABLE"));
    await engine.append("tainted", tainted, found);
    await engine.run(readSql("pipelines/ingest/bulk/drop-tainted.sql"));
  }

  private isChanged(label: string): boolean {
    const known = this.isTainted.get(label);
    if (known !== undefined) return known;
    const isChanged = redact(label, this.salt).text !== label;
    if (this.isTainted.size >= labelsKept) this.isTainted.clear();
    this.isTainted.set(label, isChanged);
    return isChanged;
  }
}

const labelsKept = 50_000;
