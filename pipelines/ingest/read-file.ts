import { statSync } from "node:fs";
import { basename } from "node:path";
import type { Progress } from "../../datasets/progress.js";
import { Disposition, Reason } from "../../datasets/quarantine.js";
import type { ReadRecord } from "../../datasets/reader/read-record.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import { detectionLines, detectSource } from "../../datasets/sources/detect.js";
import { sources } from "../../datasets/sources/index.js";
import { toJson } from "../../datasets/sources/json-access.js";
import type { Mapped, RecordReader, Source } from "../../datasets/sources/source.js";
import { validateDraft } from "../../datasets/sources/validate-draft.js";
import type { Workspace } from "../../datasets/workspace.js";
import { checkRow } from "./check-row.js";
import type { ContentRules } from "./content-rules.js";
import { draftToRow } from "./draft-to-row.js";
import type { KnownIds } from "./known-ids.js";
import type { Staging } from "./staging.js";

/** What reading a file needs beside its path. */
interface ReadContext {
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
 *
 * The format is that of most of the first records. A later record that is beyond doubt another format is read as that: logs get
 * concatenated.
 * @returns how many records were read, and the formats, the commonest first; null when none was recognised */
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
  await reader.end();
  return { read: reader.read, source: reader.sourceNames() };
}

/** Records that are held back at most until the format is decided. */
const recordsHeld = 5000;

/** From this score on a source claims a record; see detectSource. */
const clearScore = 0.5;

class FileReader {
  read = 0;
  private source: Source | null;
  private isDecided: boolean;
  private explanation = "";
  private held: ReadRecord[] = [];
  private readonly recordsBySource = new Map<string, number>();
  private readonly readers = new Map<Source, RecordReader<Place>>();

  constructor(
    private readonly path: string,
    private readonly context: ReadContext,
  ) {
    this.source = context.source;
    this.isDecided = context.source !== null;
  }

  async take(records: readonly ReadRecord[]): Promise<void> {
    if (this.isDecided) {
      for (const record of records) await this.takeRecord(record);
      return;
    }
    for (const record of records) this.held.push(record);
    if (this.samples().length >= detectionLines || this.held.length >= recordsHeld) await this.finish();
  }

  async finish(): Promise<void> {
    if (!this.isDecided) {
      const { source, explanation } = detectSource(this.samples(), sources);
      Object.assign(this, { source, explanation, isDecided: true });
    }
    const held = this.held;
    this.held = [];
    for (const record of held) await this.takeRecord(record);
  }

  /** The file is over: what sources had kept back for its other half is answered now. */
  async end(): Promise<void> {
    for (const reader of this.readers.values())
      for (const { place, mapped } of reader.end()) await this.takeMapped(place, mapped);
  }

  sourceNames(): string | null {
    const used = [...this.recordsBySource].sort(([, a], [, b]) => b - a).map(([name]) => name);
    return used.length > 0 ? used.join(" + ") : (this.source?.name ?? null);
  }

  private samples(): unknown[] {
    return this.held.filter(({ problem }) => problem === undefined).map(({ value }) => value);
  }

  private async takeRecord({ line, raw, value, problem }: ReadRecord): Promise<void> {
    const source = problem ? this.source : this.sourceOf(value);
    if (problem) return this.reject({ line, raw, source, disposition: Disposition.quarantined, ...problem });
    if (!source) {
      const detail = this.explanation;
      return this.reject({
        line,
        raw,
        source,
        disposition: Disposition.quarantined,
        reason: Reason.unknown_schema,
        detail,
      });
    }
    this.recordsBySource.set(source.name, (this.recordsBySource.get(source.name) ?? 0) + 1);
    const items = attempt(() => (source.explode ? source.explode(value) : [value]));
    if ("failure" in items) {
      return this.reject({
        line,
        raw,
        source,
        disposition: Disposition.quarantined,
        reason: Reason.bad_value,
        detail: items.failure,
      });
    }
    if (items.value.length === 0) {
      const detail = "holds no records";
      return this.reject({
        line,
        raw,
        source,
        disposition: Disposition.skipped,
        reason: Reason.empty_record,
        detail,
      });
    }
    for (const item of items.value) {
      await this.takeItem(source, line, item, items.value.length === 1 ? raw : (toJson(item) ?? ""));
    }
  }

  /** The file's format, unless another one, and only one, claims a record that this one doesn't. */
  private sourceOf(value: unknown): Source | null {
    if (this.context.source || (this.source && this.source.score(value) >= clearScore)) return this.source;
    const claims = sources.filter((source) => source.score(value) >= clearScore);
    return claims.length === 1 ? claims[0]! : this.source;
  }

  private async takeItem(source: Source, line: number, item: unknown, raw: string): Promise<void> {
    const place = { source, line, raw };
    const reader = this.readerOf(source);
    const answers = attempt(() =>
      reader === null ? [{ place, mapped: source.map(item) }] : reader.take(item, place),
    );
    if ("failure" in answers) {
      return this.reject({
        ...place,
        disposition: Disposition.quarantined,
        reason: Reason.bad_value,
        detail: answers.failure,
      });
    }
    for (const answer of answers.value) await this.takeMapped(answer.place, answer.mapped);
  }

  private readerOf(source: Source): RecordReader<Place> | null {
    if (!source.open) return null;
    const known = this.readers.get(source);
    if (known) return known;
    const facts = { path: this.path, modifiedAt: Math.round(statSync(this.path).mtimeMs * 1000) };
    const reader = source.open<Place>(facts);
    this.readers.set(source, reader);
    return reader;
  }

  private async takeMapped(place: Place, mapped: Mapped): Promise<void> {
    const { knownIds, staging, rules } = this.context;
    const read = attempt(() => this.rowOf(place, mapped));
    const outcome: RowOrRejection =
      "failure" in read
        ? { disposition: Disposition.quarantined, reason: Reason.bad_value, detail: read.failure }
        : read.value;
    if (!("row" in outcome)) return this.reject({ ...place, ...outcome });
    const { row } = outcome;
    const { raw } = place;
    this.read += 1;
    if (knownIds.add(row.request_id, row.attempt_no)) await staging.addRow(row, raw.length);
    else await staging.addSuspect(row, rules.raw(raw), raw.length);
  }

  private rowOf({ source, line, raw }: Place, mapped: Mapped): RowOrRejection {
    const { workspace, rules, now } = this.context;
    if (mapped.kind !== "row")
      return { disposition: mapped.kind, reason: mapped.reason, detail: mapped.detail };
    const unfit = validateDraft(mapped.draft, { nowUs: now.getTime() * 1000 });
    if (unfit) return { disposition: Disposition.quarantined, ...unfit };
    const row = draftToRow(mapped.draft, {
      workspace,
      rules,
      source: source.name,
      file: this.path,
      line,
      raw,
    });
    const problem = checkRow(requestLog, row);
    return problem
      ? { disposition: Disposition.quarantined, reason: Reason.bad_value, detail: problem }
      : { row };
  }

  private async reject({ line, raw, source, disposition, reason, detail }: Rejection): Promise<void> {
    this.read += 1;
    const { rules, staging } = this.context;
    await staging.addRejected({
      source_file: this.path,
      source_line: line,
      source: source?.name ?? null,
      disposition,
      reason,
      detail: rules.detail(detail),
      raw: rules.raw(raw),
    });
  }
}

/** Where a record stands, and whose it is. */
interface Place {
  source: Source;
  line: number;
  raw: string;
}

interface Verdict {
  disposition: Disposition;
  reason: Reason;
  detail: string;
}

interface Rejection extends Verdict {
  line: number;
  raw: string;
  source: Source | null;
}

type RowOrRejection = Verdict | { row: RequestRow };

/** A record that nobody foresaw (nested ten thousand deep, say) must not end the reading of a file. */
function attempt<T>(action: () => T): { value: T } | { failure: string } {
  try {
    return { value: action() };
  } catch (error) {
    return { failure: `could not be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
