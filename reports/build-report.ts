import type { Workspace } from "../datasets/workspace.js";
import { renderHtml } from "./html.js";
import { renderMarkdown } from "./markdown.js";
import { prepareReport, type ReportOptions } from "./prepare-report.js";
import type { DrawChart } from "./remember-charts.js";

/** One report in three forms of the same content; `json` holds every document whole, as text. */
export interface Report {
  html: string;
  markdown: string;
  json: string;
}

/** Build the report of a workspace. The same documents give the same bytes.
 * @param options.draw draws its charts; {@link rememberCharts} where reports are built again and again
 * @throws {InputError} if a result document is damaged or the time can't be read */
export async function buildReport(
  workspace: Workspace,
  options: ReportOptions & { draw?: DrawChart } = {},
): Promise<Report> {
  const { content, json } = prepareReport(workspace, options);
  return { html: await renderHtml(content, options.draw), markdown: renderMarkdown(content), json };
}
