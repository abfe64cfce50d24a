import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { PricingResult } from "../../datasets/pricing-result.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import type { ClaimsResult } from "../../pipelines/claims/check-claims.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import type { BreakEvenResult } from "../../pipelines/pricing/break-even-by-hand.js";
import { createCli } from "../../scripts/create-cli.js";
import { writeLines } from "../support/write-lines.js";

const folder = mkdtempSync(join(tmpdir(), "pricing-command-"));
const workspace = join(folder, "ws");
let printed = "";

beforeAll(async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    request_id: `r${i}`,
    call_type: "acompletion",
    spend: 0.01 + i / 1000,
    model: "gpt-4o",
    custom_llm_provider: "openai",
    prompt_tokens: 1000 + 100 * i,
    completion_tokens: 200,
    end_user: `user-${i % 12}`,
    startTime: new Date(Date.UTC(2026, 2, 2 + (i % 7))).toISOString(),
    status: "success",
  }));
  await ingest(openOrCreateWorkspace(workspace), [writeLines(join(folder, "litellm.jsonl"), rows)], {});
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function run(...words: string[]): Promise<string> {
  await createCli(words, 110).parseAsync();
  return printed;
}

const compare = ["pricing", "compare", "--workspace", workspace, "--plans", "examples/pricing/plans.json"];

test("pricing compare prints every plan of the sample with its terms, groups of payers and coverage", async () => {
  const text = await run(...compare);
  expect(text).toMatch(
    /40 requests of 2026-03-02 to 2026-03-08 \(7 days\), made a month of 30\.4 days \(x 4\.348\)/,
  );
  expect(text).toMatch(/\$0\.05 a call: \$0\.05 a call that is answered/);
  expect(text).toMatch(/Change of what payers pay, by user: 10 groups of equal number/);
  expect(text).toMatch(/as billed \/ \$0\.05 a call\n.*volume can't flip it/);
  expect(text).toMatch(/100\.0 % of attempts are measured/);
});

test("pricing compare --json is one document, and --payer and --month-days are heeded", async () => {
  const text = await run(...compare, "--payer", "session", "--month-days", "30", "--json");
  const result = JSON.parse(text) as PricingResult;
  expect(result.priced).toHaveLength(10);
  expect(result.notes[0]).toMatch(/^Left out: seat at \$100 a month is by user, and sessions are no users/);
  expect(result.traffic.payer_field).toBe("session");
  expect(result.window.month_days).toBe(30);
});

test("pricing break-even turns a fee into tokens per call", async () => {
  expect(
    await run("pricing", "break-even", "--per-call", "0.05", "--input-usd", "2.5", "--output-usd", "10"),
  ).toMatch(
    /volume can't flip .*\n.*20,000 of input alone, 5,000 of output alone; per call is cheaper above/,
  );
});

test("pricing break-even knows calls a month from the size of a call, and costs from their number", async () => {
  const words = ["--per-month", "100", "--input-usd", "2.5", "--output-usd", "10"];
  const size = ["--input-tokens", "400", "--output-tokens", "100", "--calls", "10000"];
  const result = JSON.parse(
    await run("pricing", "break-even", ...words, ...size, "--json"),
  ) as BreakEvenResult;
  expect(result.costs.map(({ plan, usd_per_month: usd }) => [plan, usd])).toEqual([
    ["per month", 100],
    ["per token", 20],
  ]);
  expect(result.break_evens[0]!.volume!.crossings).toEqual([
    { calls_per_month: 50_000, cheaper_above: "per month" },
  ]);
  expect(await run("pricing", "break-even", ...words, ...size)).toMatch(
    /from 50,000 calls a month on per month/,
  );
});

test.each<[string[], RegExp]>([
  [["--per-call", "0.05"], /a break-even needs two prices/],
  [["--per-call", "0.05", "--input-usd", "2"], /--input-usd and --output-usd belong together/],
  [["--per-call", "-1", "--per-month", "2"], /--per-call is -1/],
  [["--per-call", "1", "--per-month", "2", "--calls", "0"], /--calls is 0/],
  [["--plans", "examples/pricing/plans.json"], /plan "list price" is at list price, which needs a log/],
  [["--plans", "nowhere.json"], /nowhere\.json: ENOENT/],
])("pricing break-even %j is refused", async (words, message) => {
  await expect(run("pricing", "break-even", ...words)).rejects.toThrow(message);
});

test.each<[string[], RegExp]>([
  [["--workspace", folder, "--plans", "examples/pricing/plans.json"], /no workspace here/],
  [["--workspace", workspace, "--plans", "nowhere.json"], /nowhere\.json: ENOENT/],
  [[...compare.slice(2), "--payer", "nobody"], /payer can't be "nobody"; choose one of "user", "tenant"/],
  [[...compare.slice(2), "--month-days", "300"], /--month-days is 300/],
])("pricing compare %j is refused", async (words, message) => {
  await expect(run("pricing", "compare", ...words)).rejects.toThrow(message);
});

test("claims check prints the arithmetic, and fails when a claim does", async () => {
  await expect(run("claims", "check", "examples/claims/mechanisms.json")).rejects.toThrow(
    /10 of 16 claims don't add up/,
  );
  expect(printed).toMatch(/markup-base: fails\n(.*\n)+? {2}\$1,920 is 5 % of \$38,400/);
  expect(printed).toMatch(/6 hold, 10 fail\./);
});

test("claims check goes on with --fail-on nothing, and --json is one document", async () => {
  const text = await run(
    "claims",
    "check",
    "examples/claims/mechanisms.json",
    "--fail-on",
    "nothing",
    "--json",
  );
  expect((JSON.parse(text) as ClaimsResult).fails).toBe(10);
});

test("claims check of claims that all hold is done without an error", async () => {
  const path = join(folder, "claims.json");
  const claim = {
    id: "half",
    statement: "$2 -> $1 is half",
    kind: "saving",
    inputs: { before_usd: 2, after_usd: 1 },
    stated: { saved_percent: 50 },
  };
  writeFileSync(path, JSON.stringify([claim]));
  expect(await run("claims", "check", path)).toMatch(
    /half: holds\n {2}\$1 \/ \$2 = 50 %\n\n1 hold, 0 fail\./,
  );
});

test("claims kinds lists every formula", async () => {
  expect(await run("claims", "kinds")).toMatch(/cagr +percent = compound growth a year/);
});
