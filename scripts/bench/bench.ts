import { existsSync, mkdirSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../../datasets/package-root.js";
import { writeFileAtomic } from "../../datasets/workspace.js";
import { printLine, printTable } from "../terminal.js";

/** What a benchmark is run with. */
interface BenchContext {
  /** Fewer repetitions: seconds, for a look. The page is left as it is. */
  quick: boolean;
  /** Folder of the public data sets; null when it isn't there. */
  data: string | null;
  /** Values of the benchmark's own options. */
  options: Readonly<Record<string, string | undefined>>;
}

/** One table of a benchmark's page; cells are ready to print. */
export interface BenchTable {
  title: string;
  columns: readonly string[];
  rows: ReadonlyArray<readonly string[]>;
}

/** What a benchmark found, as its page shows it. */
export interface BenchOutcome {
  /** The agreed keys; a key that could not be measured is left out. */
  figures: Record<string, number>;
  /** Numbers to compare with, and where they come from. */
  reference?: Record<string, unknown>;
  tables?: readonly BenchTable[];
  /** Paragraphs for the page: method, limits. */
  notes?: readonly string[];
  /** Why there are no figures, such as data that is absent. */
  skipped?: string;
}

/** A benchmark: its page and how to run it. */
export interface Bench {
  /** Name in `npm run bench:NAME`, and of the page. */
  name: string;
  title: string;
  /** One paragraph: what is measured. */
  about: string;
  /** Names of the benchmark's own options, each taking a value. */
  options?: readonly string[];
  main: (context: BenchContext) => Promise<BenchOutcome>;
}

/** Run a benchmark as a program: parse `--data DIR`, `--quick`, `--json` and its own options, print its tables, rewrite
 * docs/benchmarks/NAME.md, or with --json end in the one line `{"bench", "figures", "reference"}`. */
export async function runBench(bench: Bench): Promise<void> {
  const own = Object.fromEntries((bench.options ?? []).map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({
    options: { data: { type: "string" }, quick: { type: "boolean" }, json: { type: "boolean" }, ...own },
  });
  const given = values as Record<string, string | boolean | undefined>;
  const options = Object.fromEntries(
    (bench.options ?? []).map((name) => [name, given[name] as string | undefined]),
  );
  const quick = given.quick === true;
  const outcome = await bench.main({ quick, data: findData(given.data as string | undefined), options });
  if (outcome.skipped !== undefined) printLine(`${bench.name}: skipped: ${outcome.skipped}`);
  for (const table of outcome.tables ?? []) printBenchTable(table);
  for (const note of outcome.notes ?? []) printLine(note);
  if (given.json === true) {
    const { figures, reference = {} } = outcome;
    printLine(JSON.stringify({ bench: bench.name, figures, reference }));
  } else if (!quick && outcome.skipped === undefined) {
    printLine(`wrote ${writePage(bench, outcome)}`);
  }
}

/** `--data`, else SIGNALBOX_DATA, else ../shared/data beside the project. */
function findData(given: string | undefined): string | null {
  const folder = resolve(packageRoot, given ?? process.env.SIGNALBOX_DATA ?? "../shared/data");
  return existsSync(folder) ? folder : null;
}

function printBenchTable({ title, columns, rows }: BenchTable): void {
  printLine(title);
  printTable(
    rows,
    columns.map((column, i) => ({
      title: column,
      value: (row) => row[i] ?? "",
      align: i === 0 ? "left" : "right",
    })),
  );
  printLine();
}

function writePage(bench: Bench, { tables = [], notes = [] }: BenchOutcome): string {
  const folder = join(packageRoot, "docs", "benchmarks");
  const path = join(folder, `${bench.name}.md`);
  const sections = tables.map(({ title, columns, rows }) => `## ${title}\n\n${markdownTable(columns, rows)}`);
  const machine = `${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${cpus().length} cores, Node ${process.version}`;
  const written = `Written by \`npm run bench:${bench.name}\` on ${new Date().toISOString().slice(0, 10)} (${machine}).`;
  const page = [`# ${bench.title}`, bench.about, written, ...sections, ...notes].join("\n\n");
  mkdirSync(folder, { recursive: true });
  writeFileAtomic(path, `${page}\n`);
  return path;
}

function markdownTable(columns: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const ruler = columns.map((_, i) => (i === 0 ? "---" : "---:"));
  return [line(columns), line(ruler), ...rows.map(line)].join("\n");
}
