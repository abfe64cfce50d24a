import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { collectVerbs } from "../../scripts/docs/collect-verbs.js";
import { plantedItems } from "../pipelines/planted-outcomes.js";
import { flipBytes } from "../support/cli/flip-bytes.js";
import { type CliRun, runInProcess } from "../support/cli/run-in-process.js";
import { writeLines } from "../support/write-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-errors-"));
const at = (...names: string[]) => join(root, ...names);
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(async () => {
  openOrCreateWorkspace(at("empty"));
  writeFileSync(at("file"), "");
  writeFileSync(at("list.json"), "[]");
  writeLines(at("items.jsonl"), plantedItems(60));
  await runInProcess(["ingest", "datasets/samples/litellm.jsonl", "--workspace", at("full")]);
  await runInProcess(["outcomes", "import", at("items.jsonl"), "--workspace", at("full")]);
});

/** One line, nothing on stdout, no stack, 1. */
function expectRefusal({ code, stdout, stderr }: CliRun, message: RegExp): void {
  expect(stderr).toMatch(/^signalbox: (?!internal error)[^\n]+\n$/);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([1, ""]);
}

const judge = ["--judge-model", "m", "--judge-url", "http://127.0.0.1:1/v1"];
const answers = ["--model", "m", "--answers-url", "http://127.0.0.1:1/v1", "--send-content"];

/** What can be simulated by itself. */
const simulated = [
  "levers",
  "cascade",
  "verification",
  "frontier",
  "sensitivity",
  "misroutes",
  "fairness",
  "reliability",
  "forecast",
];

/** What each verb that reads a workspace needs besides, and the command that it names when nothing is in it; null where an empty workspace is
 * no error. */
const readers: ReadonlyArray<readonly [verb: string, options: readonly string[], next: RegExp | null]> = [
  ["audit", [], /signalbox ingest/],
  ["markup", [], /signalbox ingest/],
  ["reconcile", [at("file")], /signalbox ingest/],
  ["train", [], /signalbox outcomes import/],
  ["train", ["--add-model", "m"], /signalbox train/],
  ["export", [], /signalbox train --workspace \//],
  ["export", ["--format", "litellm"], /signalbox export/],
  ["simulate", [], /signalbox export/],
  ...simulated.map((part) => [`simulate ${part}`, [], /signalbox export/] as const),
  ["simulate actions", [], null],
  ["label plan", ["--judge-model", "m"], /signalbox ingest/],
  ["label", judge, /signalbox ingest/],
  ["label answers", answers, /signalbox ingest/],
  ["label cancel", [], null],
  ["label sheet", ["--out", at("sheet.csv")], /signalbox label --candidate/],
  ["label calibrate", ["--human", at("file")], /signalbox label --candidate/],
  ["cache replay", [], /signalbox ingest/],
  ["cache calibrate", [], /signalbox cache replay/],
  ["cache pairs plan", ["--judge-model", "m"], /signalbox cache replay/],
  ["cache pairs judge", judge, /signalbox cache replay/],
  ["cache pairs import", [at("file")], /signalbox cache replay/],
  ["embed distil", ["--out", at("e.sbemb")], /ingest with --content/],
  ["rules check", ["--rules", at("list.json")], null],
  ["shadow plan", ["--margin", "0.02"], /signalbox ingest/],
  ["ramp", ["--artifact", at("none")], /signalbox shadow analyze/],
  ["drift", ["--since", "2026-01-01"], /signalbox ingest/],
  ["pricing compare", ["--plans", "examples/pricing/plans.json"], /signalbox ingest/],
  ["prices list", [], null],
  ["report", ["--out", at("r.html")], null],
];

describe.each(readers)("signalbox %s %j", (verb, options, next) => {
  const run = (workspace: string, ...more: string[]) =>
    runInProcess([...verb.split(" "), ...options, "--workspace", workspace, ...more]);

  test("refuses a path without a workspace, and makes none", async () => {
    expectRefusal(await run(at("nowhere")), /nowhere: no workspace here; make one with: signalbox ingest/);
    expect(existsSync(at("nowhere"))).toBe(false);
  });

  test.skipIf(next === null)(
    "on an empty workspace names the command to run first, with --json too",
    async () => {
      expectRefusal(await run(at("empty")), next!);
      expectRefusal(await run(at("empty"), "--json"), next!);
    },
  );
});

test.each([
  [["ingest", at("no.jsonl")], /no\.jsonl: no such file or folder; name files/],
  [["outcomes", "import", at("no.jsonl")], /no\.jsonl: no such file or folder; name a JSONL file/],
  [["shadow", "judge", "--judge-model", "m", "--pairs", at("no.jsonl")], /no\.jsonl: no such file/],
])("%j makes no workspace when its file isn't there", async (words, message) => {
  expectRefusal(await runInProcess([...words, "--workspace", at("new")]), message);
  expect(existsSync(at("new"))).toBe(false);
});

describe.each([
  ["requests", ["audit"], /signalbox ingest/],
  ["outcomes", ["train"], /signalbox outcomes import/],
  ["outcome_items", ["train"], /signalbox outcomes import/],
])("a damaged file of %s", (table, verb, remedy) => {
  test.each<[string, (file: string) => void]>([
    ["cut in the middle", (file) => truncateSync(file, 400)],
    ["emptied", (file) => truncateSync(file, 0)],
    ["with flipped bytes", flipBytes],
    ["that is no Parquet", (file) => writeFileSync(file, "request_id,model\n".repeat(100))],
  ])("%s is named, with the command that writes it anew", async (_, damage) => {
    const workspace = mkdtempSync(at("damaged-"));
    cpSync(at("full"), workspace, { recursive: true });
    const folder = join(workspace, table);
    const name = readdirSync(folder, { recursive: true })
      .map(String)
      .find((path) => path.endsWith(".parquet"))!;
    damage(join(folder, name));
    const run = await runInProcess([...verb, "--workspace", workspace]);
    expectRefusal(run, /\.parquet: damaged \(.*\); delete it, and write it anew with: /);
    expect(run.stderr).toContain(join(folder, name));
    expect(run.stderr).toMatch(remedy);
  });
});

describe("where nothing can be written", () => {
  // Permissions don't bind the superuser; a file in a folder's place, and /proc, stop everyone.
  test.each([
    [
      ["ingest", "datasets/samples/litellm.jsonl", "--workspace", at("file")],
      /file: .*can't be made .*name another/,
    ],
    [
      ["ingest", "datasets/samples/litellm.jsonl", "--workspace", at("file", "ws")],
      /can't be made .*name another/,
    ],
    [["report", "--workspace", at("full"), "--out", at("file", "r.html")], /can't be (made|written)/],
    [["demo", "--workspace", at("file")], /file: .*can't be made/],
    [["artifact", "keygen", "--out", at("file", "key.pem")], /can't be written|file/],
  ])("%j says so", async (words, message) => {
    expectRefusal(await runInProcess(words), message);
  });

  test("a file in the place of the results' folder is named", async () => {
    cpSync(at("full"), at("blocked"), { recursive: true });
    rmSync(at("blocked", "results"), { recursive: true, force: true });
    writeFileSync(at("blocked", "results"), "");
    expectRefusal(
      await runInProcess(["audit", "--workspace", at("blocked")]),
      /results: this folder can't be made/,
    );
  });
});

test.each([
  [["audti", "--workspace", "w"], /unknown verb: audti --workspace w; did you mean audit\?/],
  [["audit", "--workspce", "w"], /--workspace must be given \(audit --workspce w\)/],
  [["audit", "--workspace", "w", "--colour"], /unknown verb or option: colour/],
  [["cache", "replya"], /unknown verb|did you mean replay|Name a verb/],
])("%j is refused in one line", async (words, message) => {
  expectRefusal(await runInProcess(words), message);
});

test("--debug adds the stack below the line", async () => {
  const { stderr } = await runInProcess(["audit", "--workspace", at("nowhere"), "--debug"]);
  expect(stderr).toMatch(/^signalbox: .*\n.*Error: .*\n +at /);
});

test("every verb that takes --workspace and reads it is tried here", async () => {
  const tried = new Set(readers.map(([verb]) => verb));
  const others = new Set([
    "demo",
    "ingest",
    "prices",
    "outcomes",
    "embed",
    "label run",
    "simulate run",
    "open",
  ]);
  const optional = new Set(["ope", "rules", "shadow judge", "shadow analyze"]);
  const verbs = collectVerbs().filter(({ options }) => options.includes("workspace"));
  const names = verbs.map(({ words }) => words.join(" "));
  expect(names.filter((name) => !tried.has(name) && !others.has(name) && !optional.has(name))).toEqual([]);
});
