import { InputError } from "../datasets/errors.js";
import type { Workspace } from "../datasets/workspace.js";
import { type ReportDocuments, readDocuments } from "./documents.js";
import { renderHtml } from "./html.js";
import { renderMarkdown } from "./markdown.js";
import { reportContent } from "./report-content.js";

/** One report in three forms of the same content; `json` holds every document whole, as text. */
export interface Report {
  html: string;
  markdown: string;
  json: string;
}

/** Build the report of a workspace. The same documents give the same bytes.
 * @param options.generatedAt ISO 8601 time to print; default SOURCE_DATE_EPOCH, else when the newest stage was completed
 * @throws {InputError} if a result document is damaged or the time can't be read */
export async function buildReport(
  workspace: Workspace,
  options: { generatedAt?: string } = {},
): Promise<Report> {
  const documents = readDocuments(workspace);
  const generatedAt = resolveTime(documents, options.generatedAt);
  const content = reportContent(documents, generatedAt);
  return {
    html: await renderHtml(content),
    markdown: renderMarkdown(content),
    json: reportJson(documents, generatedAt),
  };
}

function resolveTime({ manifests }: ReportDocuments, given: string | undefined): string {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  const newest = manifests
    .map((manifest) => manifest.completed_at)
    .sort()
    .at(-1);
  const time = given ?? (epoch ? Number(epoch) * 1000 : (newest ?? 0));
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    throw new InputError(
      `${String(time)}: not a time; give ISO 8601, or seconds since 1970 in SOURCE_DATE_EPOCH`,
    );
  }
  return date.toISOString();
}

function reportJson(documents: ReportDocuments, generatedAt: string): string {
  return `${JSON.stringify({ schema_version: 1, generated_at: generatedAt, documents }, null, 2)}\n`;
}
