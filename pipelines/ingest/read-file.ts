import { basename } from "node:path";
import type { Progress } from "../../datasets/progress.js";
import { Disposition, Reason } from "../../datasets/quarantine.js";
import type { ReadRecord } from "../../datasets/reader/read-record.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import { requestLog } from "../../datasets/request-log.js";
import { detectSource } from "../../datasets/sources/detect.js";
import type { Mapped, Source } from "../../datasets/sources/source.js";
import { validateDraft } from "../../datasets/sources/validate-draft.js";
import type { Workspace } from "../../datasets/workspace.js";
import { checkRow } from "./check-row.js";
import type { ContentRules } from "./content-rules.js";
import { draftToRow } from "./draft-to-row.js";
import type { KnownIds } from "./known-ids.js";
import type { Staging } from "./staging.js";

/** What reading a file needs beside its path. */
export interface ReadContext {
  workspace: Workspace;
  staging: Staging;
  knownIds: KnownIds;
  rules: ContentRules;
  /** Format of the file; null to recognise it by its first records. */
  source: Source | null;
  now: Date;
  onProgress: Progress;
}

/** Read one file into the staging tables: every record becomes a row, a suspect or a rejected record.
 * @returns how many records were read, and the format; null when it was not recognised */
export async function readFile(
  path: string,
  context: ReadContext,
): Promise<{ read: number; source: string | null }> {
  const reader = new FileReader(path, context);
  for await (const batch of readRecords(path)) {
    await reader.take(batch);
    context.onProgress({
      label: `reading ${basename(path)}`,
      done: reader.read,
      total: null,
      unit: "records",
    });
  }
  await reader.finish();
  return { read: reader.read, source: reader.source?.name ?? null };
}

/** Records that are looked at before the format is decided, and how many are held back for it at most. */
const samplesWanted = 50;
const recordsHeld = 5000;

class FileReader {
  read = 0;
  source: Source | null;
  private isDecided: boolean;
  private whyUnknown = "";
  private held: ReadRecord[] = [];

  constructor(
    private readonly path: string,
    private readonly context: ReadContext,
  ) {
    this.source = context.source;
    this.isDecided = context.source !== null;
  }

  async take(records: readonly ReadRecord[]): Promise<void> {
    if (!this.isDecided) {
      this.held.push(...records);
      const samples = this.held.filter((record) => "value" in record).length;
      if (samples >= samplesWanted || this.held.length >= recordsHeld) await this.finish();
      return;
    }
    for (const record of records) await this.takeRecord(record);
  }

  async finish(): Promise<void> {
    if (!this.isDecided) this.decide();
    const held = this.held;
    this.held = [];
    for (const record of held) await this.takeRecord(record);
  }

  private decide(): void {
    const values = this.held
      .filter((record) => "value" in record)
      .slice(0, samplesWanted)
      .map(({ value }) => value);
    const detected = detectSource(values);
    this.source = detected.source;
    this.whyUnknown = detected.detail;
    this.isDecided = true;
  }

  private async takeRecord(record: ReadRecord): Promise<void> {
    if (record.problem || !this.source) {
      const { reason, detail } = record.problem ?? { reason: Reason.unknown_schema, detail: this.whyUnknown };
      await this.reject(record.line, record.raw, Disposition.quarantined, reason, detail);
      return;
    }
    const items = this.explode(this.source, record.value);
    if (items.length === 0) {
      await this.reject(
        record.line,
        record.raw,
        Disposition.skipped,
        Reason.empty_record,
        "holds no records",
      );
    }
    for (const item of items) {
      await this.takeItem(
        this.source,
        record.line,
        item,
        items.length === 1 ? record.raw : JSON.stringify(item),
      );
    }
  }

  private async takeItem(source: Source, line: number, item: unknown, raw: string): Promise<void> {
    const mapped = validated(mapItem(source, item), this.context.now);
    if (mapped.kind !== "row") {
      await this.reject(line, raw, mapped.kind, mapped.reason, mapped.detail);
      return;
    }
    const { workspace, rules, knownIds, staging } = this.context;
    const row = draftToRow(mapped.draft, {
      workspace,
      rules,
      source: source.name,
      file: this.path,
      line,
      raw,
    });
    const problem = checkRow(requestLog, row);
    if (problem) {
      await this.reject(line, raw, Disposition.quarantined, Reason.bad_value, problem);
      return;
    }
    this.read += 1;
    if (knownIds.add(row.request_id, row.attempt_no)) await staging.addRow(row, raw.length);
    else await staging.addSuspect(row, rules.raw(raw), raw.length);
  }

  private async reject(
    line: number,
    raw: string,
    disposition: Disposition,
    reason: Reason,
    detail: string,
  ): Promise<void> {
    this.read += 1;
    const { rules, staging } = this.context;
    await staging.addRejected({
      source_file: this.path,
      source_line: line,
      source: this.source?.name ?? null,
      disposition,
      reason,
      detail: rules.detail(detail),
      raw: rules.raw(raw),
    });
  }

  private explode(source: Source, value: unknown): unknown[] {
    return source.explode ? source.explode(value) : [value];
  }
}

function mapItem(source: Source, item: unknown): Mapped {
  return source.map(item);
}

function validated(mapped: Mapped, now: Date): Mapped {
  return mapped.kind === "row" ? validateDraft(mapped.draft, now) : mapped;
}
