import { checkNumber } from "../../datasets/check-number.js";
import { DataError } from "../../datasets/errors.js";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import type { IngestResult } from "../../datasets/results.js";
import { sources } from "../../datasets/sources/index.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { percent, printJson, printLine, printTable, stderrProgress } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox ingest`: log files become the workspace's canonical request log. */
export const ingestCommand = defineCommand({
  command: "ingest <paths..>",
  describe: "Read log files, of any known format, into a workspace",
  builder: (yargs) =>
    yargs
      .positional("paths", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Log files, or directories of them",
      })
      .option("workspace", sharedOptions.newWorkspace)
      .option("source", {
        choices: ["auto", ...sources.map(({ name }) => name)],
        default: "auto",
        describe: "Log format; auto recognises it in every file",
      })
      .option("content", {
        choices: Object.values(ContentMode),
        default: ContentMode.redacted,
        describe: "What to keep of prompts and answers",
      })
      .option("max-quarantined-share", {
        type: "number",
        defaultDescription: "no limit",
        describe: "Exit with 1 when more than this share of the records, 0 to 1, is quarantined",
      })
      .option("json", sharedOptions.json)
      .example("$0 ingest logs/ --workspace ws", "Every log below a directory, formats recognised")
      .example(
        "$0 ingest spend.jsonl --workspace ws --source litellm --content hash",
        "One format, no text kept",
      )
      .example(
        "$0 ingest logs/ --workspace ws --max-quarantined-share 0.01",
        "For scripts: fail when over 1 % is unreadable",
      ),
  handler: async ({ paths, workspace: path, source, content, maxQuarantinedShare, json }) => {
    if (maxQuarantinedShare !== undefined)
      checkNumber("--max-quarantined-share", maxQuarantinedShare, { from: 0, to: 1 });
    const workspace = openOrCreateWorkspace(path);
    const { progress, end } = stderrProgress();
    const result = await ingest(workspace, paths, { source, content, onProgress: progress });
    end();
    if (json) printJson(result);
    else printResult(result, workspace.path);
    checkShare(result, maxQuarantinedShare);
  },
});

function printResult(result: IngestResult, workspacePath: string): void {
  const { files, totals, reasons, unpriced_models: unpriced, ignored_files: ignored = [] } = result;
  const count = (value: number): string => value.toLocaleString("en-US");
  printTable(
    [...files, { path: `all (${files.length})`, source: "", reused: false, ...totals }],
    [
      { title: "file", value: (file) => (file.reused ? `${file.path} (kept from before)` : file.path) },
      { title: "source", value: (file) => file.source ?? "not recognised" },
      { title: "read", align: "right", value: (file) => count(file.read) },
      { title: "accepted", align: "right", value: (file) => count(file.accepted) },
      { title: "quarantined", align: "right", value: (file) => count(file.quarantined) },
      { title: "duplicates", align: "right", value: (file) => count(file.duplicates) },
      { title: "skipped", align: "right", value: (file) => count(file.skipped) },
    ],
  );
  printLine("read = accepted + quarantined + duplicates + skipped, for every file and in total");
  if (reasons.length > 0) {
    printLine();
    printTable(reasons, [
      { title: "not accepted", value: ({ disposition }) => disposition },
      { title: "reason", value: ({ reason }) => reason },
      { title: "records", align: "right", value: (reason) => count(reason.count) },
      { title: "first", value: ({ example }) => shortened(example) },
    ]);
  }
  if (unpriced.length > 0) {
    printLine();
    printTable(unpriced, [
      { title: "model without a price", value: ({ model }) => model },
      { title: "provider", value: ({ provider }) => provider ?? "unknown" },
      { title: "requests", align: "right", value: ({ requests }) => count(requests) },
      { title: "tokens", align: "right", value: ({ tokens }) => count(tokens) },
    ]);
    printLine("Their cost is unknown (NULL), not zero.");
  }
  if (ignored.length > 0) {
    printLine();
    printTable(ignored, [
      { title: "file left out", value: ({ path }) => path },
      { title: "why", value: ({ why }) => why },
    ]);
  }
  printLine();
  printLine(
    `Content kept: ${result.content}. Workspace: ${workspacePath}. Next: signalbox audit --workspace ${workspacePath}`,
  );
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 120 ? line : `${line.slice(0, 117)}...`;
}

function checkShare({ totals }: IngestResult, limit: number | undefined): void {
  if (limit === undefined || totals.read === 0) return;
  const share = totals.quarantined / totals.read;
  if (share > limit) {
    throw new DataError(
      `${percent(share, 2)} of the records were quarantined, more than --max-quarantined-share ${limit}; the reasons are in the table quarantine`,
    );
  }
}
