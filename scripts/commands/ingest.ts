import { checkNumber } from "../../datasets/check-number.js";
import { DataError } from "../../datasets/errors.js";
import { ContentMode } from "../../datasets/privacy/content-mode.js";
import type { IngestResult } from "../../datasets/results.js";
import { sources } from "../../datasets/sources/index.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { MissingTime } from "../../pipelines/ingest/missing-time.js";
import { percent, printJson, printLine, printTable, stderrProgress } from "../terminal.js";
import { defineCommand } from "./command.js";
import { printIngestedFiles } from "./ingested-files-table.js";
import { requireFiles } from "./require-files.js";
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
      .option("map", {
        type: "string",
        describe: "Mapping file for a format of its own; signalbox sources infer FILE proposes one",
      })
      .option("zone", {
        type: "string",
        default: "UTC",
        describe: "Zone of times that name none: Europe/Berlin or +02:00 (with a minus: --zone=-05:00)",
      })
      .option("content", {
        choices: Object.values(ContentMode),
        default: ContentMode.redacted,
        describe: "What to keep of prompts and answers",
      })
      .option("missing-time", {
        choices: Object.values(MissingTime),
        default: MissingTime.quarantine,
        describe: "Records without any time: quarantine, or file for when their file was last changed",
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
        "$0 ingest calls.csv --workspace ws --map map.json",
        "A format of one's own, by a mapping file",
      )
      .example(
        "$0 ingest calls.csv --workspace ws --zone Europe/Berlin",
        "Times were written without a zone, in Berlin's",
      )
      .example(
        "$0 ingest logs/ --workspace ws --max-quarantined-share 0.01",
        "For scripts: fail when over 1 % is unreadable",
      ),
  handler: async ({
    paths,
    workspace: path,
    source,
    map,
    zone,
    content,
    missingTime,
    maxQuarantinedShare,
    json,
  }) => {
    if (maxQuarantinedShare !== undefined)
      checkNumber("--max-quarantined-share", maxQuarantinedShare, { from: 0, to: 1 });
    requireFiles(paths, "name files or folders of logs to ingest");
    const workspace = openOrCreateWorkspace(path);
    const { progress, end } = stderrProgress({ workspace, stage: "ingest" });
    const result = await ingest(workspace, paths, {
      source,
      map,
      zone,
      content,
      missingTime,
      onProgress: progress,
    });
    end();
    if (json) printJson(result);
    else printResult(result, workspace.path);
    checkShare(result, maxQuarantinedShare);
  },
});

function printResult(result: IngestResult, workspacePath: string): void {
  const { totals, reasons, unpriced_models: unpriced, attempts, ignored_files: ignored = [] } = result;
  const count = (value: number): string => value.toLocaleString("en-US");
  printIngestedFiles(result);
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
  if (attempts && attempts.attempts > attempts.logical_requests) {
    printLine();
    printLine(
      `In the workspace: ${count(attempts.attempts)} attempts of ${count(attempts.logical_requests)} requests; ${count(attempts.retries)} retries and ${count(attempts.fallbacks)} fallbacks, ${count(attempts.inferred)} of them inferred (docs/deduplication.md).`,
    );
  }
  if (result.dated_by_file !== undefined) {
    printLine();
    printLine(
      `${count(result.dated_by_file)} rows have no time of their own and carry that of their file: their day, and the price on it, is as good as that.`,
    );
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
    printTable(ignored.slice(0, MOST_LISTED), [
      { title: "file left out", value: ({ path }) => path },
      { title: "why", value: ({ why }) => why },
    ]);
    if (ignored.length > MOST_LISTED) printLine(`and ${count(ignored.length - MOST_LISTED)} more`);
  }
  printLine();
  if (totals.accepted + totals.duplicates === 0)
    printLine(
      totals.read === 0
        ? "There was nothing to read: name files of logs, or folders that hold some."
        : "No record became a request. What the files are taken for, and why: signalbox sources detect FILE",
    );
  printLine(
    `Content kept: ${result.content}. Workspace: ${workspacePath}. Next: signalbox audit --workspace ${workspacePath}`,
  );
}

const MOST_LISTED = 30;

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
