import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { printIngestedFiles } from "../../scripts/commands/ingested-files-table.js";

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const file = (path: string, quarantined = 0, reused = false) => ({
  ...{
    path,
    sha256: "",
    bytes: 1,
    source: "litellm",
    reused,
    read: 2,
    accepted: 2 - quarantined,
    quarantined,
  },
  ...{ duplicates: 0, skipped: 0 },
});
const printAll = (files: Array<ReturnType<typeof file>>) => {
  const bad = files.reduce((sum, { quarantined }) => sum + quarantined, 0);
  const read = 2 * files.length;
  printIngestedFiles({
    files,
    totals: { read, accepted: read - bad, quarantined: bad, duplicates: 0, skipped: 0 },
  });
  return printed
    .trimEnd()
    .split("\n")
    .slice(2)
    .map((line) => line.replace(/ {2,}/g, " | "));
};

test("thirty files have a row each", () => {
  const lines = printAll(Array.from({ length: 30 }, (_, i) => file(`logs/${i}.json`)));
  expect(lines).toHaveLength(31);
  expect(lines[0]).toBe("logs/0.json | litellm | 2 | 2 | 0 | 0 | 0");
});

test("a thousand files are a row per folder and format, the one with quarantined records first", () => {
  const lines = printAll([
    ...Array.from({ length: 996 }, (_, i) => file(`a/${i}.json`, 0, i < 10)),
    ...Array.from({ length: 4 }, (_, i) => file(`b/${i}.json`, 1)),
  ]);
  expect(lines).toEqual([
    "b/ (4 files) | litellm | 8 | 4 | 4 | 0 | 0",
    "a/ (996 files, 10 kept from before) | litellm | 1,992 | 1,992 | 0 | 0 | 0",
    "all (1,000) | 2,000 | 1,996 | 4 | 0 | 0",
  ]);
});

test("more than thirty folders end in one row, and nothing is lost from the sums", () => {
  const lines = printAll(Array.from({ length: 100 }, (_, i) => file(`day=${i}/log.json`)));
  expect(lines).toHaveLength(31);
  expect(lines[29]).toBe("and 71 more folders | 142 | 142 | 0 | 0 | 0");
  expect(lines[30]).toBe("all (100) | 200 | 200 | 0 | 0 | 0");
});
