import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { firstMissing, readTutorial } from "../support/cli/read-tutorial.js";
import { runInProcess, runUntilAnswered } from "../support/cli/run-in-process.js";
import { splitWords } from "../support/cli/split-words.js";

const start = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "signalbox-tutorial-"));
const steps = readTutorial(readFileSync("docs/tutorial.md", "utf8"));

beforeAll(() => {
  symlinkSync(resolve("datasets"), join(folder, "datasets"));
  process.chdir(folder);
  const direct = globalThis.fetch;
  vi.stubGlobal("fetch", async (input: string | URL | Request, init?: RequestInit) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    if (hostname !== "127.0.0.1") throw new Error(`${hostname}: the tutorial sends nothing anywhere`);
    return direct(input, init);
  });
});
afterAll(() => {
  vi.unstubAllGlobals();
  process.chdir(start);
  rmSync(folder, { recursive: true, force: true });
});

test("is about fifteen commands", () => {
  expect(steps.flatMap(({ commands }) => commands).length).toBeGreaterThanOrEqual(15);
});

describe("docs/tutorial.md, line by line", () => {
  test.each(steps.map((step) => [step.commands.join("; "), step] as const))(
    "%s",
    async (_, { commands, expected }) => {
      let printed = "";
      for (const command of commands) {
        const words = splitWords(command);
        const run = await (words[0] === "open" ? runUntilAnswered(words) : runInProcess(words));
        expect(`${run.code === 0 ? "" : run.stderr}exit code ${run.code}`).toBe("exit code 0");
        printed = run.stdout;
      }
      expect(firstMissing(expected, printed), printed).toBeNull();
    },
    120_000,
  );
});

test("an excerpt that isn't printed is found", () => {
  expect(firstMissing(["a ... c", "d"], "x a  b c\nd")).toBeNull();
  expect(firstMissing(["d", "a"], "a\nd")).toBe("a");
  expect(firstMissing(["1.5"], "125")).toBe("1.5");
});
