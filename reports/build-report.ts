import type { Workspace } from "../datasets/workspace.js";
import { renderHtml } from "./html.js";
import { renderMarkdown } from "./markdown.js";
import { prepareReport, type ReportOptions } from "./prepare-report.js";

/** One report in three forms of the same content; `json` holds every document whole, as text. */
export interface Report {
  html: string;
  markdown: string;
  json: string;
}

/** Build the report of a workspace. The same documents give the same bytes.
 * @throws {InputError} if a result document is damaged or the time can't be read */
export async function buildReport(workspace: Workspace, options: ReportOptions = {}): Promise<Report> {
  const { content, json } = prepareReport(workspace, options);
  return { html: await renderHtml(content), markdown: renderMarkdown(content), json };
}
