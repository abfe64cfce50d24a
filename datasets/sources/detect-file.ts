import { InputError } from "../errors.js";
import type { Reason } from "../quarantine.js";
import { openBytes, readContainer } from "../reader/open-bytes.js";
import { DamagedInput, type ReadRecord } from "../reader/read-record.js";
import { readRecords } from "../reader/read-records.js";
import { sniffText, sniffTextBytes } from "../reader/sniff-text.js";
import { type Detection, detectionLines, detectSource } from "./detect.js";
import { sources } from "./index.js";
import { mapSample, type SampleSummary } from "./map-sample.js";

/** What a file was taken for, and what would come of it. */
export interface FileDetection {
  path: string;
  /** gzip, zstd, parquet, text, ... by the first bytes. */
  container: string;
  /** How its records lie: lines, JSON values, CSV with its delimiter, rows. */
  layout: string;
  /** Parsed records that were looked at, and records that could not be parsed. */
  sampled: number;
  unreadable: Array<{ line: number; reason: Reason; detail: string }>;
  /** Name of the format; null when none is clear. */
  source: string | null;
  explanation: string;
  scores: Detection["scores"];
  /** What the format makes of the sampled records; null without a format. */
  sample: SampleSummary | null;
  /** What to do next. */
  advice: string;
}

/** Recognise one file as ingest would, and say why.
 * @throws {InputError} if the file can't be opened */
export async function detectFile(path: string): Promise<FileDetection> {
  const { container, layout } = await describeLayout(path);
  const { records, unreadable } = await sampleRecords(path);
  const values = records.map(({ value }) => value);
  const detection = detectSource(values, sources);
  const sample = detection.source && mapSample(detection.source, records, path);
  return {
    path,
    container,
    layout,
    sampled: values.length,
    unreadable,
    source: detection.source?.name ?? null,
    explanation: detection.explanation,
    scores: detection.scores,
    sample,
    advice: adviceFor(path, detection, values.length, unreadable),
  };
}

/** The first records of a file, as many as detection looks at.
 * @throws {InputError} if the file can't be opened */
export async function sampleRecords(
  path: string,
  wanted = detectionLines,
): Promise<{ records: ReadRecord[]; unreadable: FileDetection["unreadable"] }> {
  const records: ReadRecord[] = [];
  const unreadable: FileDetection["unreadable"] = [];
  for await (const batch of readRecords(path)) {
    for (const record of batch) {
      if (records.length >= wanted) break;
      if (record.problem === undefined) records.push(record);
      else if (unreadable.length < maxUnreadable) unreadable.push({ line: record.line, ...record.problem });
    }
    if (records.length >= wanted || unreadable.length >= maxUnreadable) break;
  }
  return { records, unreadable };
}

/** A file of which so much can't be parsed is no log of a known kind. */
const maxUnreadable = 5000;

async function describeLayout(path: string): Promise<{ container: string; layout: string }> {
  try {
    const container = await readContainer(path);
    if (container === "parquet") return { container, layout: "rows" };
    if (!["gzip", "zstd", "text"].includes(container)) return { container, layout: "unknown" };
    const head: Buffer[] = [];
    let bytes = 0;
    let isWhole = true;
    for await (const chunk of openBytes(path, container, sniffTextBytes)) {
      head.push(chunk);
      bytes += chunk.length;
      if (bytes < sniffTextBytes) continue;
      isWhole = false;
      break;
    }
    const format = sniffText(Buffer.concat(head), isWhole);
    return {
      container,
      layout:
        format.kind === "csv" ? `csv, delimiter ${JSON.stringify(format.delimiter)}` : layouts[format.kind],
    };
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    if (/ENOENT|EISDIR|EACCES/.test(error.message))
      throw new InputError(`${path}: ${error.message}; name a file`, { cause: error });
    return { container: "damaged", layout: error.message };
  }
}

const layouts = { lines: "one JSON text a line", values: "JSON values or an array" };

function adviceFor(
  path: string,
  { source, scores }: Detection,
  sampled: number,
  unreadable: FileDetection["unreadable"],
): string {
  if (source !== null) return `signalbox ingest ${path} --workspace ws`;
  if (sampled === 0)
    return unreadable.length > 0
      ? "no record could be parsed; look at the first lines: is it JSONL, JSON, CSV with a header, or Parquet?"
      : "the file holds no record";
  return scores.length > 0 && scores[0]!.score >= 0.25
    ? `name the format, --source ${scores[0]!.name}, or have a mapping file proposed: signalbox sources infer ${path}`
    : `have a mapping file proposed: signalbox sources infer ${path}`;
}
