import { saltedHash, type Workspace } from "../datasets/workspace.js";
import type { Content } from "./content.js";
import { type ReportDocuments, readDocuments } from "./documents.js";
import { redactDocuments } from "./redact/redact-documents.js";
import { reportContent } from "./report-content.js";
import { reportTime } from "./report-time.js";

/** What every form of a report is made from. */
export interface PreparedReport {
  content: Content;
  /** The JSON form, as text. */
  json: string;
  documents: ReportDocuments;
}

/** How a report is made. */
export interface ReportOptions {
  /** ISO 8601 time to print; default SOURCE_DATE_EPOCH, else when the newest stage was completed. */
  generatedAt?: string;
  /** Names and examples are left out, so that the report can be shown outside. */
  isRedacted?: boolean;
}

/** Read a workspace's results for a report.
 * @throws {InputError} if a result document is damaged or the time can't be read */
export function prepareReport(workspace: Workspace, options: ReportOptions = {}): PreparedReport {
  const whole = readDocuments(workspace);
  const documents = options.isRedacted
    ? redactDocuments(whole, (kind, name) => placeholder(workspace, kind, name))
    : whole;
  const generatedAt = reportTime(documents.manifests, options.generatedAt);
  const json = { schema_version: 1, generated_at: generatedAt, documents };
  return {
    documents,
    content: reportContent(documents, generatedAt),
    json: `${JSON.stringify(json, null, 2)}\n`,
  };
}

/** What stands for a name in a redacted report: its kind and a salted hash, the same everywhere in one workspace. */
export function placeholder(workspace: Workspace, kind: string, name: string): string {
  return `${kind}-${saltedHash(workspace, `${kind}\0${name}`).slice(0, 8)}`;
}
