import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { openWorkspace } from "../../datasets/workspace.js";
import type { ReportDocuments } from "../documents.js";
import { type PreparedReport, prepareReport, type ReportOptions } from "../prepare-report.js";
import { reportTime } from "../report-time.js";
import { comparisonContent } from "./comparison-content.js";
import { comparisonRows } from "./comparison-rows.js";

/** Compare two reports, each a workspace or the JSON that `signalbox report` saved. The documents of the result are those of the
 * second, which thresholds are checked on.
 * @throws {InputError} if a path is neither, or holds another version */
export function prepareComparison(
  before: string,
  after: string,
  options: ReportOptions = {},
): PreparedReport {
  const [first, second] = [readSide(before, options), readSide(after, options)];
  const rows = comparisonRows(first, second);
  const generatedAt = reportTime([...first.manifests, ...second.manifests], options.generatedAt);
  const names = options.isRedacted ? { before: "before", after: "after" } : { before, after };
  const json = { schema_version: 1, generated_at: generatedAt, ...names, comparison: rows };
  const content = comparisonContent(rows, { before: names.before, after: names.after }, generatedAt);
  return { content, json: `${JSON.stringify(json, null, 2)}\n`, documents: second };
}

function readSide(path: string, options: ReportOptions): ReportDocuments {
  if (!existsSync(path)) {
    throw new InputError(`${path}: not there; name a workspace, or a JSON file that signalbox report wrote`);
  }
  if (statSync(path).isDirectory() || existsSync(join(path, "workspace.json"))) {
    return prepareReport(openWorkspace(path), options).documents;
  }
  const remedy = "name a workspace, or a JSON file that signalbox report wrote";
  const saved = readJsonFile<{ schema_version?: unknown; documents?: Partial<ReportDocuments> }>(
    path,
    remedy,
  );
  const { documents } = saved;
  if (saved.schema_version !== 1 || documents === undefined || !Array.isArray(documents.manifests)) {
    throw new InputError(`${path}: not a report of schema version 1; ${remedy}`);
  }
  return documents as ReportDocuments;
}
