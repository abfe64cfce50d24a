import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { readLines } from "../../../datasets/reader/read-lines.js";

const root = mkdtempSync(join(tmpdir(), "signalbox-lines-"));
afterAll(() => rmSync(root, { recursive: true }));

async function linesOf(bytes: string | Buffer, maxLineBytes?: number): Promise<Array<string | null>> {
  const path = join(root, "lines");
  writeFileSync(path, bytes);
  const lines: Array<string | null> = [];
  for await (const batch of readLines(path, maxLineBytes)) lines.push(...batch);
  return lines;
}

test.each([
  ["nothing", "", []],
  ["no newline at the end", "a\nb", ["a", "b"]],
  ["blank lines", "\n\na\n", ["", "", "a"]],
  ["carriage returns", "a\r\nb\r\n", ["a\r", "b\r"]],
  ["separators that JSON text may hold", "a\u2028b\u2029c\rd\n", ["a\u2028b\u2029c\rd"]],
  ["a byte order mark", "\ufeffa\n", ["a"]],
] as const)("reads %s", async (_, text, expected) => {
  expect(await linesOf(text)).toEqual(expected);
  expect(await linesOf(gzipSync(text))).toEqual(expected);
});

test("gives null for a line that is too long, whatever chunk it ends in", async () => {
  const long = "x".repeat(3_000_000);
  expect(await linesOf(`a\n${long}\nb\n${long}`, 1_000)).toEqual(["a", null, "b", null]);
  expect(await linesOf(`a\n${long}\n`, 3_000_000)).toEqual(["a", long]);
});

test("refuses a file that ends in the middle of its archive", async () => {
  await expect(linesOf(gzipSync("abc\n".repeat(5_000)).subarray(0, 40))).rejects.toThrow(/lines: /);
});
