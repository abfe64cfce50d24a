import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createCli } from "../../scripts/create-cli.js";
import { withInterval } from "../../scripts/terminal.js";
import { runInProcess } from "../support/cli/run-in-process.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-cli-"));
afterAll(() => rmSync(root, { recursive: true }));

const run = async (...words: string[]) => void (await createCli(words, 100).parseAsync());

test.each([
  [["audit", "--workspace"], "--workspace has no value"],
  [["audit", "--workspace="], "--workspace has no value"],
  [["audit", "--workspace", "a", "--workspace", "b"], "--workspace is given 2 times"],
  [["train", "--workspace", "w", "--retention", "high"], "--retention is not a number"],
  [["train", "--workspace", "w", "--seed", "1", "--seed", "2"], "--seed is given 2 times"],
  [
    ["train", "--workspace", "w", "--add-model", "M", "--strong", "S"],
    "add-model and strong are mutually exclusive",
  ],
  [["ingest", "f", "--workspace", "w", "--max-quarantined-share", "2"], "--max-quarantined-share is 2; give"],
  [["shadow", "analyze", "--log", "f", "--rate", "0"], "--rate is 0; give a number above 0 and below 1"],
  [["shadow", "analyze", "--log", ""], "--log has no value"],
  [["demo", "--requests", "0"], "--requests is 0; give a whole number from 1"],
  [["label", "--workspace", "w", "--judge-model", "m", "--poll-seconds", "-1"], "--poll-seconds is -1; give"],
  [["label", "--workspace", "w", "--judge-model", "m", "--assume-usd-per-mtok", "x"], "is not a number"],
  [["frobnicate"], "unknown verb or option: frobnicate; --help lists them"],
  [["ingest", "f", "--workspace", "w", "--content", "all"], 'content can\'t be "all"; choose one of "none"'],
])("refuses %j", async (words, message) => {
  await expect(run(...words)).rejects.toThrow(message);
});

test("takes an option that may be left out, or given more than once", async () => {
  await expect(run("label", "--workspace", join(root, "none"), "--judge-model", "m")).rejects.toThrow(
    /no workspace here/,
  );
  const logs = [join(root, "absent-a"), join(root, "absent-b")];
  await expect(run("shadow", "analyze", "--log", logs[0]!, "--log", logs[1]!)).rejects.toThrow(
    /absent-a: no such file/,
  );
});

test("reads a request from standard input", async () => {
  await expect(run("decide", "--artifact", root, "--input", "-")).rejects.toThrow(
    /standard input|manifest\.json/,
  );
});

test("ends with 1 and one line for what its user can fix", async () => {
  writeFileSync(join(root, "file"), "");
  for (const words of [
    ["ingest", join(root, "file"), "--workspace", join(root, "file")],
    ["ingest", "x", "--workspace", "w", "--content", "all"],
    ["nonsense"],
    [],
  ]) {
    const { code, stdout, stderr } = await runInProcess(words);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^signalbox: (?!internal error)[^\n]+\n$/);
  }
});

test("prints no interval where there is none", () => {
  const share = (low: number, high: number) => withInterval({ value: 0.5, low, high }, String);
  expect(share(0.25, 0.75)).toBe("0.5 [0.25, 0.75]");
  expect(share(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe("0.5 [no interval]");
  expect(share(0.25, Number.POSITIVE_INFINITY)).toBe("0.5 [0.25, no bound]");
});
