import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { createCli } from "../../scripts/create-cli.js";
import { shadowFiles } from "../support/shadow-files.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-shadow-command-"));
afterAll(() => rmSync(root, { recursive: true }));

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

const run = async (...words: string[]) => void (await createCli(words, 100).parseAsync());

const good = shadowFiles({
  days: 8,
  sessionsPerDay: 150,
  discordance: 0.2,
  difference: 0,
  rate: 0.5,
  from: "2025-06-02T00:00:00Z",
  seed: 5,
});
const harmful = shadowFiles({
  days: 8,
  sessionsPerDay: 60,
  discordance: 0.4,
  difference: 0.3,
  rate: 0.5,
  from: "2025-06-02T00:00:00Z",
  seed: 6,
});

test("prints the verdict first, and keeps the document in the workspace", async () => {
  const workspace = openOrCreateWorkspace(join(root, "ws"));
  const { pairs, verdicts } = good;
  await run(
    ...["shadow", "analyze", "--pairs", pairs[0]!, "--verdicts", verdicts[0]!],
    ...["--margin", "0.1", "--workspace", workspace.path],
  );
  expect(printed).toMatch(/^CERTIFY \(certified\): .*not worse by 10 points or more/);
  expect(printed).toContain("pair without verdict");
  expect(printed).toContain("worst slice: ");
  const stored = JSON.parse(readFileSync(join(workspace.path, "results", "shadow.json"), "utf8"));
  expect(stored).toMatchObject({ schema_version: 2, response: { verdict: { action: "certify" } } });
});

test("--fail-on makes a stop an error, after the whole document was printed and kept", async () => {
  const workspace = openOrCreateWorkspace(join(root, "stopped"));
  const { pairs, verdicts } = harmful;
  const words = [
    ...["shadow", "analyze", "--pairs", pairs[0]!, "--verdicts", verdicts[0]!],
    ...["--workspace", workspace.path, "--json"],
  ];
  await expect(run(...words, "--fail-on", "stop")).rejects.toThrow("shadow test: stop (harm)");
  expect(JSON.parse(printed)).toMatchObject({ response: { verdict: { reason: "harm" } } });
  expect(existsSync(join(workspace.path, "results", "shadow.json"))).toBe(true);
  await expect(run(...words)).resolves.toBeUndefined();
});

test.each([
  [["shadow", "analyze"], "nothing to analyse; name a decision log with --log"],
  [["shadow", "analyze", "--pairs", "absent.jsonl"], "absent.jsonl: no such file"],
  [["shadow", "analyze", "--pairs", good.pairs[0]!, "--margin", "2"], "--margin is 2"],
  [["shadow", "plan", "--workspace", join(root, "none")], "no workspace here"],
  [["ramp", "--workspace", join(root, "none"), "--artifact", "a"], "no workspace here"],
])("%j says what is wrong", async (words, message) => {
  await expect(run(...words)).rejects.toThrow(message);
});
