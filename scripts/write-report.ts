import { dirname, extname, resolve } from "node:path";
import { InputError } from "../datasets/errors.js";
import { makeFolder } from "../datasets/make-folder.js";
import { type Workspace, writeFileAtomic } from "../datasets/workspace.js";
import { buildReport } from "../reports/build-report.js";

/** Where the three forms of a report are written. */
export interface ReportFiles {
  html: string;
  markdown: string;
  json: string;
}

/** Build a workspace's report and write its three forms; Markdown and JSON go beside the HTML unless they are named.
 * @throws {InputError} when two of the names are the same */
export async function writeReport(
  workspace: Workspace,
  out: string,
  options: { markdown?: string; json?: string; generatedAt?: string } = {},
): Promise<ReportFiles> {
  const files: ReportFiles = {
    html: resolve(out),
    markdown: resolve(options.markdown ?? withExtension(out, ".md")),
    json: resolve(options.json ?? withExtension(out, ".json")),
  };
  if (new Set(Object.values(files)).size < 3) {
    throw new InputError(
      `${out}: HTML, Markdown and JSON would overwrite each other; give each its own name`,
    );
  }
  const report = await buildReport(workspace, { generatedAt: options.generatedAt });
  for (const form of ["html", "markdown", "json"] as const) {
    makeFolder(dirname(files[form]));
    writeFileAtomic(files[form], report[form]);
  }
  return files;
}

function withExtension(path: string, extension: string): string {
  const old = extname(path);
  return `${old === "" ? path : path.slice(0, -old.length)}${extension}`;
}
