import { existsSync } from "node:fs";
import { basename } from "node:path";
import { checkNumber } from "../../datasets/check-number.js";
import { InputError } from "../../datasets/errors.js";
import { detectFile, type FileDetection, sampleRecords } from "../../datasets/sources/detect-file.js";
import { sources } from "../../datasets/sources/index.js";
import { type Inference, inferMapping } from "../../datasets/sources/mapping/infer/infer-mapping.js";
import { writeFileAtomic } from "../../datasets/workspace.js";
import { percent, printJson, printLine, printTable } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox sources`: the log formats that are known, what a file is taken for, and a mapping file for one that is not. */
export const sourcesCommand = defineCommand({
  command: "sources <action> [files..]",
  describe: "List log formats, recognise files, propose mapping files",
  builder: (yargs) =>
    yargs
      .positional("action", {
        choices: ["list", "detect", "infer"] as const,
        demandOption: true,
        describe: "list the formats; detect: what files are and why; infer: a mapping file for one file",
      })
      .positional("files", {
        type: "string",
        array: true,
        default: [],
        describe: "Files to detect, or the file to infer from",
      })
      .option("out", { type: "string", describe: "Write the proposed mapping here (infer)" })
      .option("lines", { type: "number", default: 200, describe: "Records to infer from" })
      .option("json", sharedOptions.json)
      .example("$0 sources list", "Every format, and whose it is")
      .example("$0 sources detect logs/a.jsonl logs/b.csv", "What they are taken for, and what is in them")
      .example(
        "$0 sources infer calls.csv --out map.json",
        "Propose a mapping; then: ingest calls.csv --map map.json",
      ),
  handler: async ({ action, files, out, lines, json }) => {
    checkNumber("--lines", lines, { from: 1, isWhole: true });
    if (action === "list") return list(files, json);
    const [first] = files;
    if (first === undefined) throw new InputError(`sources ${action} wants a file; name one behind it`);
    for (const path of files) if (!existsSync(path)) throw new InputError(`${path}: no such file`);
    if (action === "detect") {
      const found = [];
      for (const path of files) found.push(await detectFile(path));
      if (json) printJson(found);
      else for (const detection of found) printDetection(detection);
      return;
    }
    if (files.length > 1)
      throw new InputError("sources infer takes one file; files of one format share a mapping");
    await infer(first, { out, lines, json });
  },
});

async function list(files: readonly string[], json: boolean): Promise<void> {
  if (files.length > 0)
    throw new InputError(`sources list takes no files; sources detect ${files.join(" ")} does`);
  const known = sources.map(({ name, title }) => ({ name, title }));
  if (json) return printJson(known);
  printTable(known, [
    { title: "source", value: ({ name }) => name },
    { title: "format", value: ({ title }) => title },
  ]);
  printLine(
    "How to export each, and what is in it: docs/sources.md. Any other format: signalbox sources infer FILE",
  );
}

function printDetection({
  path,
  container,
  layout,
  sampled,
  unreadable,
  scores,
  explanation,
  sample,
  advice,
}: FileDetection): void {
  printLine(
    `${path}: ${container}, ${layout}; ${sampled} records sampled${unreadable.length > 0 ? `, ${unreadable.length} unreadable` : ""}`,
  );
  for (const { line, reason, detail } of unreadable.slice(0, 3))
    printLine(`  line ${line}: ${reason}: ${detail}`);
  printLine(`  ${explanation}`);
  if (scores.length > 0) {
    printTable(scores, [
      { title: "  source", value: ({ name }) => `  ${name}` },
      { title: "votes", align: "right", value: ({ votes }) => String(votes) },
      { title: "mean score", align: "right", value: ({ score }) => score.toFixed(2) },
    ]);
  }
  if (sample !== null) {
    printLine(`  ${sample.rows} of ${sample.records} sampled records become rows`);
    for (const { disposition, reason, count, example } of sample.not_rows)
      printLine(`  ${disposition} ${count}: ${reason}: ${example}`);
    const shares = Object.entries(sample.shares).map(([fact, share]) => `${fact} ${percent(share, 0)}`);
    printLine(`  rows with: ${shares.join(", ")}`);
    if (sample.has_times_without_zone)
      printLine(
        "  times without a zone: they are read as UTC; if they are local, give ingest --zone Europe/Berlin (or theirs)",
      );
    for (const [name, value] of Object.entries(sample.first_row ?? {})) printLine(`    ${name} = ${value}`);
  }
  printLine(`  next: ${advice}`);
  printLine();
}

async function infer(
  path: string,
  { out, lines, json }: { out: string | undefined; lines: number; json: boolean },
): Promise<void> {
  const { records, unreadable } = await sampleRecords(path, lines);
  if (records.length === 0)
    throw new InputError(
      `${path}: no record could be parsed (${unreadable[0]?.detail ?? "the file is empty"}); look at it with: signalbox sources detect ${path}`,
    );
  const inference = inferMapping(
    records.map(({ value }) => value),
    mappingName(path),
  );
  if (out !== undefined) writeFileAtomic(out, `${JSON.stringify(inference.mapping, null, 2)}\n`);
  if (json) return printJson(inference);
  printInference(inference, path, out);
}

function mappingName(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/(\.(jsonl?|ndjson|csv|tsv|parquet|gz|zst|log|txt))+$/, "")
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 50);
  return `map-${name || "log"}`;
}

function printInference(
  { mapping, fields, choices, missing, sample }: Inference,
  path: string,
  out: string | undefined,
): void {
  if (out === undefined) printJson(mapping);
  printLine();
  printTable(fields, [
    { title: "field", value: ({ field }) => field },
    { title: "path", value: ({ path: at }) => at },
    { title: "unit", value: ({ unit }) => unit ?? "" },
    { title: "sure", align: "right", value: ({ confidence }) => confidence.toFixed(2) },
    { title: "why", value: ({ reason }) => reason },
    { title: "or", value: ({ alternatives }) => alternatives.map((other) => other.path).join(", ") },
  ]);
  if (choices.length > 0) {
    printLine();
    printLine("To be chosen, for the sample can't tell:");
    for (const { key, proposed, options, why } of choices)
      printLine(`  ${key}: one of ${options.join(", ")} (proposed: ${proposed}); ${why}`);
  }
  if (missing.length > 0) {
    printLine();
    printLine("Not found:");
    for (const { field, consequence } of missing) printLine(`  ${field}: ${consequence}`);
  }
  printLine();
  printLine(`Of ${sample.records} records in ${sample.lines} lines ${sample.rows} become rows.`);
  for (const { disposition, reason, count, example } of sample.not_rows)
    printLine(`  ${disposition} ${count}: ${reason}: ${example}`);
  printLine(
    out === undefined
      ? `Keep it with --out map.json; check it, then: signalbox ingest ${path} --map map.json --workspace ws`
      : `Written to ${out}. Check it, then: signalbox ingest ${path} --map ${out} --workspace ws`,
  );
}
