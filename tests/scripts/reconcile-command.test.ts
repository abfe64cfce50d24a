import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import yargs, { type CommandModule } from "yargs";
import type { MarkupResult } from "../../datasets/markup-result.js";
import type { ReconcileResult } from "../../datasets/reconcile-result.js";
import { openOrCreateWorkspace, readResult, type Workspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { markupCommand } from "../../scripts/commands/markup.js";
import { reconcileCommand } from "../../scripts/commands/reconcile.js";
import { writeLines } from "../support/write-lines.js";

const folder = mkdtempSync(join(tmpdir(), "reconcile-command-"));
const bill = join(folder, "export");
let workspace: Workspace;
let printed = "";

beforeAll(async () => {
  // LiteLLM's rows: list price of gpt-4o is $2.50 and $10 per million; the log reports 10 % more.
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [input, output] = [1000 + 400 * i, 100 + ((i * 37) % 900)];
    const time = new Date(Date.UTC(2026, 2, 2, 0, i * 24)).toISOString();
    return {
      request_id: `r${i}`,
      call_type: "acompletion",
      spend: (1.1 * (2.5 * input + 10 * output)) / 1e6,
      model: "gpt-4o",
      custom_llm_provider: "openai",
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      startTime: time,
      endTime: time,
      status: "success",
    };
  });
  workspace = openOrCreateWorkspace(join(folder, "ws"));
  await ingest(workspace, [writeLines(join(folder, "litellm.jsonl"), rows)], {});
  writeFileSync(
    bill,
    'start_time,end_time,amount_value,amount_currency,line_item\n1772409600,1772496000,2.5,usd,"gpt-4o, input"\n',
  );
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

async function run(...args: string[]): Promise<string> {
  await yargs([...args, "--workspace", workspace.path])
    .command([reconcileCommand, markupCommand] as unknown as CommandModule[])
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
  return printed;
}

test("reconcile prints the parts of the difference and keeps the document", async () => {
  const text = await run("reconcile", bill);
  expect(text).toMatch(/openai, 2026-03-02 to 2026-03-02 \(UTC, by day\)/);
  expect(text).toMatch(/difference, bill without tokens +1 +\$/);
  expect(readResult<ReconcileResult>(workspace, "reconcile")!.vendors[0]!.vendor).toBe("openai");
});

test("reconcile --json is one document, and --fail-over fails above its percentage", async () => {
  const result = JSON.parse(await run("reconcile", bill, "--json")) as ReconcileResult;
  const share = result.vendors[0]!.unexplained_share! * 100;
  await expect(run("reconcile", bill, "--fail-over", String(Math.floor(share)))).rejects.toThrow(
    /is unexplained, more than --fail-over/,
  );
  await run("reconcile", bill, "--fail-over", String(Math.ceil(share)));
});

test.each([
  [["--fx", "CNY"], /--fx CNY: give a currency and its rate/],
  [["--fx", "CNY=0"], /--fx CNY=0/],
  [["--tolerance", "2"], /--tolerance is 2/],
  [["--vendor", "anthropic"], /no bill of anthropic among the files; they are of: openai/],
])("reconcile refuses %j", async (args, message) => {
  await expect(run("reconcile", bill, ...args)).rejects.toThrow(message);
});

test("markup prints the share and its interval for every gateway and model", async () => {
  expect(await run("markup")).toMatch(
    /litellm \/ openai \/ gpt-4o: Costs are list price with a mark-up of 10\.00 %/,
  );
  expect(readResult<MarkupResult>(workspace, "markup")!.groups).toHaveLength(1);
});
