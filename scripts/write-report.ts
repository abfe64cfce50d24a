import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { InputError } from "../datasets/errors.js";
import { makeFolder } from "../datasets/make-folder.js";
import { writeFileAtomic } from "../datasets/workspace.js";
import { tableFiles } from "../reports/formats/table-files.js";
import { renderHtml } from "../reports/html.js";
import { renderMarkdown } from "../reports/markdown.js";
import type { PreparedReport } from "../reports/prepare-report.js";
import { printPdf } from "./print-pdf.js";

/** Forms that a report can take, by the name that --format calls them. */
export const reportFormats = ["html", "md", "json", "csv", "focus", "pdf"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Where the forms of a report were written; csv is a folder. */
export type ReportFiles = Partial<Record<"html" | "markdown" | "json" | "csv" | "focus" | "pdf", string>>;

/** Write a report in some forms, side by side under one name.
 * @param out a file, whose name the forms take with endings of their own; or a folder (it exists, ends in / or has no ending), in
 * which they are called report
 * @param options.focus the text of the FOCUS export, asked for when it is wanted
 * @throws {InputError} when two of the names are the same, or a form can't be made */
export async function writeReport(
  report: PreparedReport,
  out: string,
  options: {
    formats?: readonly ReportFormat[];
    markdown?: string;
    json?: string;
    focus?: () => Promise<string>;
  } = {},
): Promise<ReportFiles> {
  const formats = options.formats ?? ["html", "md", "json"];
  const files = placesOf(out, formats, options);
  if (new Set(Object.values(files)).size < Object.values(files).length) {
    throw new InputError(
      `${out}: two forms of the report would overwrite each other; give each its own name`,
    );
  }
  const wants = (format: ReportFormat) => formats.includes(format);
  const html = wants("html") || wants("pdf") ? await renderHtml(report.content) : "";
  const texts: Partial<Record<keyof ReportFiles, string | Uint8Array>> = {
    ...(wants("html") && { html }),
    ...(wants("md") && { markdown: renderMarkdown(report.content) }),
    ...(wants("json") && { json: report.json }),
    ...(wants("focus") && options.focus && { focus: await options.focus() }),
    ...(wants("pdf") && { pdf: await printPdf(html, report.content.generatedAt) }),
  };
  for (const [name, text] of Object.entries(texts) as Array<[keyof ReportFiles, string | Uint8Array]>) {
    makeFolder(dirname(files[name]!));
    writeFileAtomic(files[name]!, text);
  }
  if (files.csv !== undefined) writeTables(report, files.csv);
  return files;
}

function placesOf(
  out: string,
  formats: readonly ReportFormat[],
  { markdown, json }: { markdown?: string; json?: string },
): ReportFiles {
  const stem = stemOf(out);
  const all = {
    html: extname(out) !== "" && !isFolder(out) && formats.includes("html") ? resolve(out) : `${stem}.html`,
    markdown: resolve(markdown ?? `${stem}.md`),
    json: resolve(json ?? `${stem}.json`),
    csv: `${stem}-tables`,
    focus: `${stem}.focus.csv`,
    pdf: `${stem}.pdf`,
  };
  const names = {
    html: "html",
    md: "markdown",
    json: "json",
    csv: "csv",
    focus: "focus",
    pdf: "pdf",
  } as const;
  return Object.fromEntries(
    reportFormats
      .filter((format) => formats.includes(format))
      .map((format) => [names[format], all[names[format]]]),
  );
}

function stemOf(out: string): string {
  const path = resolve(out);
  if (isFolder(out)) return join(path, "report");
  return join(dirname(path), basename(path, extname(path)));
}

function isFolder(out: string): boolean {
  if (out.endsWith("/") || (existsSync(out) && statSync(out).isDirectory())) return true;
  return extname(out) === "";
}

/** A table that is gone must not stay behind; files of other names are not ours. */
function writeTables({ content }: PreparedReport, folder: string): void {
  makeFolder(folder);
  const files = tableFiles(content);
  for (const { name, text } of files) writeFileAtomic(join(folder, name), text);
  const current = new Set(files.map(({ name }) => name));
  const old = readdirSync(folder).filter((name) => tableName.test(name) && !current.has(name));
  for (const name of old) rmSync(join(folder, name));
}

const tableName = /^[a-z-]+--[a-z0-9-]+\.csv$/;
