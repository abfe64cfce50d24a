import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import yargs, { type CommandModule } from "yargs";
import type { RulesCheck } from "../../datasets/rules-check.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { ingest } from "../../pipelines/ingest/ingest.js";
import { rulesCommand } from "../../scripts/commands/rules.js";
import { policyRule } from "../support/policy-rule.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-rules-command-"));
const workspace = join(root, "ws");
const rules = join(root, "rules.json");
beforeAll(async () => {
  await ingest(openOrCreateWorkspace(workspace), ["datasets/samples/litellm.jsonl"]);
  const list = [
    policyRule("short", { max_chars: 60 }, { model: "small" }),
    policyRule("tagged", { tag: "vip" }, { at_least: "large" }),
    policyRule("tools", { has_tools: true }, { exclude: ["small"] }),
    policyRule("shortest", { max_chars: 10 }, { model: "large" }),
  ];
  writeFileSync(rules, JSON.stringify(list));
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Run the verb and return what it printed on stdout. */
async function check(...options: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await yargs()
    .command(rulesCommand as unknown as CommandModule)
    .exitProcess(false)
    .strict()
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync(["rules", "check", ...options]);
  return write.mock.calls.map(([text]) => String(text)).join("");
}

describe("signalbox rules check", () => {
  test("accounts for every request of an ingested log, as JSON", async () => {
    const result = JSON.parse(
      await check("--rules", rules, "--workspace", workspace, "--json"),
    ) as RulesCheck;
    const claimed = result.rules.reduce((sum, { requests }) => sum + requests, 0);
    expect(result.requests).toBeGreaterThan(10);
    expect(claimed + result.unclaimed.requests + result.undecided.requests).toBe(result.requests);
    expect(result.rules[0]!.status).toBe("claims");
    expect(result.rules[1]).toMatchObject({ status: "unknown", requests: 0, unknown: { facts: ["tag"] } });
  });

  test("prints a table, what is odd about each rule, and examples", async () => {
    const output = await check("--rules", rules, "--workspace", workspace);
    expect(output).toMatch(/^rule +then +requests/);
    expect(output).toMatch(/short claims, for example:\n {2}\S+: /);
    expect(output).toMatch(/tagged may claim [\d,]+ more requests: the log lacks their tag\./);
    expect(output).toMatch(/shortest (never fires: all that it matches goes to short|matches no request)/);
  });

  test.each<[string, string[], RegExp]>([
    ["no requests", ["--rules", rules], /no requests to try the rules on; give --workspace DIR or --log/],
    ["two sources", ["--rules", rules, "--workspace", workspace, "--log", "x"], /mutually exclusive/],
    ["an absent log", ["--rules", rules, "--log", join(root, "none.jsonl")], /none.jsonl/],
    ["absent rules", ["--rules", join(root, "none.json"), "--workspace", workspace], /none.json: ENOENT/],
  ])("refuses %s", async (_, options, message) => {
    await expect(check(...options)).rejects.toThrow(message);
  });
});
