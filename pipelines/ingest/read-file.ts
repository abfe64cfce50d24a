import { statSync } from "node:fs";
import { basename } from "node:path";
import type { PriceBook } from "../../datasets/prices/price-book.js";
import { priceDraft } from "../../datasets/prices/price-draft.js";
import type { Progress } from "../../datasets/progress.js";
import { Disposition, Reason } from "../../datasets/quarantine.js";
import type { ReadRecord } from "../../datasets/reader/read-record.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import { detectionLines, detectSource } from "../../datasets/sources/detect.js";
import { sources } from "../../datasets/sources/index.js";
import { toJson } from "../../datasets/sources/json-access.js";
import type { Mapped, RecordReader, Source } from "../../datasets/sources/source.js";
import type { TimeZone } from "../../datasets/sources/time-zone.js";
import { dayUs, validateDraft } from "../../datasets/sources/validate-draft.js";
import { zonedSource } from "../../datasets/sources/zoned-source.js";
import { settleUsage } from "../../datasets/tokens/settle-usage.js";
import type { Workspace } from "../../datasets/workspace.js";
import type { BulkFile } from "./bulk/bulk-engine.js";
import { type BulkSink, planBulk, readInBulk } from "./bulk/read-in-bulk.js";
import { checkRow } from "./check-row.js";
import type { ContentRules } from "./content-rules.js";
import { draftToRow } from "./draft-to-row.js";
import { HeldRows, TokenEstimator } from "./estimate-tokens.js";
import type { KnownIds } from "./known-ids.js";
import { MissingTime } from "./missing-time.js";
import type { Staging } from "./staging.js";

/** What reading a file needs beside its path. */
interface ReadContext {
  workspace: Workspace;
  staging: Staging;
  knownIds: KnownIds;
  rules: ContentRules;
  /** Format of the file; null to recognise it by its first records. */
  source: Source | null;
  /** Zone of times that name none, for recognised formats; null for UTC. */
  zone?: TimeZone | null;
  now: Date;
  onProgress: Progress;
  /** Learns how many tokens texts have, for rows without usage; default one that knows of this file only. */
  estimator?: TokenEstimator;
  prices: PriceBook;
  /** Whether a record without any time gets its file's. */
  missingTime?: MissingTime;
  /** What is left to JavaScript alone: files smaller than this, and the first records of every file. */
  bulk?: { minBytes: number; learnedLines: number };
}

/** Read one file into the staging tables: every record becomes a row, a suspect or a rejected record.
 *
 * The format is that of most of the first records. A later record that is beyond doubt another format is read as that: logs get
 * concatenated.
 * @returns how many records were read, how many of their rows got the file's time, and the formats, the commonest first; null
 * when none was recognised */
export async function readFile(
  path: string,
  context: ReadContext,
): Promise<{ read: number; datedByFile: number; source: string | null }> {
  const reader = new FileReader(path, context);
  const file = bulkFile(path, context);
  const { minBytes } = context.bulk ?? bulkLimits;
  // The SQL reads times without a zone as UTC.
  const plan = context.zone ? null : await planBulk(path, context.source, { file, minBytes });
  if (plan !== null) await readInBulk(plan, { file, sink: reader });
  else for await (const batch of readRecords(path)) await reader.takeRecords(batch);
  await reader.finish();
  await reader.end();
  return { read: reader.read, datedByFile: reader.datedByFile, source: reader.sourceNames() };
}

/** Below this size DuckDB's start costs more than it saves. */
const bulkLimits = { minBytes: 4_000_000, learnedLines: 2_000 };

function bulkFile(
  path: string,
  { workspace, staging, rules, now, prices, bulk = bulkLimits }: ReadContext,
): BulkFile {
  return {
    path,
    fileNo: staging.files.length,
    workspace,
    mode: rules.mode,
    latestTime: now.getTime() * 1000 + dayUs,
    prices,
    learnedLines: bulk.learnedLines,
    folder: staging.folder,
  };
}

/** Records that are held back at most until the format is decided. */
const recordsHeld = 5000;

/** From this score on a source claims a record; see detectSource. */
const clearScore = 0.5;

class FileReader implements BulkSink {
  read = 0;
  datedByFile = 0;
  private readonly known: readonly Source[];
  private source: Source | null;
  private isDecided: boolean;
  private explanation = "";
  private held: ReadRecord[] = [];
  private readonly recordsBySource = new Map<string, number>();
  private readonly readers = new Map<Source, RecordReader<Place>>();
  private readonly withoutUsage: HeldRows<Place>;

  constructor(
    private readonly path: string,
    private readonly context: ReadContext,
  ) {
    this.withoutUsage = new HeldRows(context.estimator ?? new TokenEstimator(), (draft) =>
      priceDraft(draft, context.prices),
    );
    const { zone } = context;
    this.known = zone ? sources.map((source) => zonedSource(source, zone)) : sources;
    this.source = context.source;
    this.isDecided = context.source !== null;
  }

  decide(source: Source): void {
    Object.assign(this, { source, isDecided: true });
  }

  async takeClaimed(source: Source, count: number, parts: readonly string[]): Promise<void> {
    for (const part of parts) await this.context.staging.addPart(part);
    this.count(source, count);
    this.read += count;
  }

  async takeRecords(records: readonly ReadRecord[]): Promise<void> {
    if (this.isDecided) {
      for (const record of records) {
        this.takeRecord(record);
        if (this.isFull) await this.makeRoom();
      }
      this.report();
      return;
    }
    for (const record of records) this.held.push(record);
    if (this.samples().length >= detectionLines || this.held.length >= recordsHeld) await this.finish();
  }

  async finish(): Promise<void> {
    if (!this.isDecided) {
      const { source, explanation } = detectSource(this.samples(), this.known);
      Object.assign(this, { source, explanation, isDecided: true });
    }
    const held = this.held;
    this.held = [];
    for (const record of held) {
      this.takeRecord(record);
      if (this.isFull) await this.makeRoom();
    }
  }

  /** The file is over: what sources had kept back for its other half is answered now. */
  async end(): Promise<void> {
    for (const reader of this.readers.values())
      for (const { place, mapped } of reader.end()) {
        this.takeMapped(place, mapped);
        if (this.isFull) await this.makeRoom();
      }
    await this.releaseRows();
  }

  sourceNames(): string | null {
    const used = [...this.recordsBySource].sort(([, a], [, b]) => b - a).map(([name]) => name);
    return used.length > 0 ? used.join(" + ") : (this.source?.name ?? null);
  }

  private count(source: Source, records: number): void {
    this.recordsBySource.set(source.name, (this.recordsBySource.get(source.name) ?? 0) + records);
  }

  private report(): void {
    const label = `reading ${basename(this.path)}`;
    this.context.onProgress({ label, done: this.read, total: null, unit: "records" });
  }

  private samples(): unknown[] {
    return this.held.filter(({ problem }) => problem === undefined).map(({ value }) => value);
  }

  private takeRecord({ line, raw, value, problem }: ReadRecord): void {
    const source = problem ? this.source : this.sourceOf(value);
    const items = problem ? quarantined(problem) : this.itemsOf(source, value);
    if (!Array.isArray(items)) {
      this.reject({ line, raw, source }, items);
      return;
    }
    for (const item of items)
      this.takeItem(source!, line, item, items.length === 1 ? raw : (toJson(item) ?? ""));
  }

  /** What a record holds, or why it holds nothing. */
  private itemsOf(source: Source | null, value: unknown): unknown[] | Verdict {
    if (source === null) return quarantined({ reason: Reason.unknown_schema, detail: this.explanation });
    this.count(source, 1);
    const items = attempt(() => (source.explode ? source.explode(value) : [value]));
    if ("failure" in items) return unreadable(items.failure);
    return items.value.length > 0
      ? items.value
      : { disposition: Disposition.skipped, reason: Reason.empty_record, detail: "holds no records" };
  }

  /** The file's format, unless another one, and only one, claims a record that this one doesn't. */
  private sourceOf(value: unknown): Source | null {
    if (this.context.source || (this.source && this.source.score(value) >= clearScore)) return this.source;
    const claims = this.known.filter((source) => source.score(value) >= clearScore);
    return claims.length === 1 ? claims[0]! : this.source;
  }

  private takeItem(source: Source, line: number, item: unknown, raw: string): void {
    const place = { source, line, raw };
    const reader = this.readerOf(source);
    const answers = attempt(() =>
      reader === null ? [{ place, mapped: source.map(item) }] : reader.take(item, place),
    );
    if ("failure" in answers) this.reject(place, unreadable(answers.failure));
    else for (const answer of answers.value) this.takeMapped(answer.place, answer.mapped);
  }

  private readerOf(source: Source): RecordReader<Place> | null {
    if (!source.open) return null;
    const known = this.readers.get(source);
    if (known) return known;
    const reader = source.open<Place>({ path: this.path, modifiedAt: this.modifiedAt() });
    this.readers.set(source, reader);
    return reader;
  }

  /** Last change of the file, microseconds since 1970. */
  private modifiedAt(): number {
    return Math.round(statSync(this.path).mtimeMs * 1000);
  }

  private takeMapped(place: Place, answer: Mapped): void {
    const mapped =
      answer.kind === "row" && answer.draft.usage?.outputUnknown
        ? { ...answer, draft: { ...answer.draft, usage: settleUsage(answer.draft) } }
        : answer;
    const read = attempt(() => this.rowOf(place, mapped));
    const outcome = "failure" in read ? unreadable(read.failure) : read.value;
    if (!("row" in outcome)) {
      this.reject(place, outcome);
      return;
    }
    const { row } = outcome;
    if (mapped.kind !== "row") {
      this.addRow(row, place);
      return;
    }
    const { draft } = mapped;
    const chars = place.raw.length;
    if (draft.usage !== null) this.withoutUsage.learn(draft, row, chars);
    else if (this.withoutUsage.take(draft, row, place, chars)) return;
    this.addRow(row, place);
  }

  /** Rows without usage wait until the file has shown how many tokens its texts have. */
  private async releaseRows(): Promise<void> {
    for (const { row, place } of await this.withoutUsage.release()) this.addRow(row, place);
    await this.context.staging.makeRoom();
  }

  /** Records are taken without waiting; what has to be waited for is done between them. */
  private get isFull(): boolean {
    return this.context.staging.isFull || this.withoutUsage.isFull;
  }

  private async makeRoom(): Promise<void> {
    if (this.withoutUsage.isFull) await this.releaseRows();
    await this.context.staging.makeRoom();
  }

  private addRow(row: RequestRow, { raw }: Place): void {
    const { knownIds, staging, rules } = this.context;
    this.read += 1;
    if (knownIds.add(row.request_id, row.attempt_no)) staging.addRow(row, raw.length);
    else staging.addSuspect(row, rules.raw(raw), raw.length);
  }

  private rowOf({ source, line, raw }: Place, mapped: Mapped): RowOrRejection {
    const { workspace, rules, prices, now } = this.context;
    if (mapped.kind !== "row")
      return { disposition: mapped.kind, reason: mapped.reason, detail: mapped.detail };
    const isUndated = mapped.draft.createdAt === null && this.context.missingTime === MissingTime.file;
    const draft = isUndated ? { ...mapped.draft, createdAt: this.modifiedAt() } : mapped.draft;
    const unfit = validateDraft(draft, { nowUs: now.getTime() * 1000 });
    if (unfit) return quarantined(unfit);
    const row = draftToRow(draft, {
      workspace,
      rules,
      prices,
      source: source.name,
      file: this.path,
      line,
      raw,
    });
    const problem = checkRow(requestLog, row);
    if (isUndated && !problem) this.datedByFile += 1;
    return problem ? quarantined({ reason: Reason.bad_value, detail: problem }) : { row };
  }

  private reject(
    { line, raw, source }: Omit<Place, "source"> & { source: Source | null },
    { disposition, reason, detail }: Verdict,
  ): void {
    this.read += 1;
    const { rules, staging } = this.context;
    staging.addRejected({
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

type RowOrRejection = Verdict | { row: RequestRow };

function quarantined(problem: { reason: Reason; detail: string }): Verdict {
  return { disposition: Disposition.quarantined, ...problem };
}

function unreadable(failure: string): Verdict {
  return quarantined({ reason: Reason.bad_value, detail: failure });
}

/** A record that nobody foresaw (nested ten thousand deep, say) must not end the reading of a file. */
function attempt<T>(action: () => T): { value: T } | { failure: string } {
  try {
    return { value: action() };
  } catch (error) {
    return { failure: `could not be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
