import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStaticEmbedder } from "@signalbox/runtime";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import yargs, { type CommandModule } from "yargs";
import { embedCommand } from "../../scripts/commands/embed.js";
import { tinyTexts, writeTinyTeacher } from "../models/embed/tiny-teacher.js";
import { labelWorkspace, removeWorkspace } from "../pipelines/label/label-workspace.js";

const folder = mkdtempSync(join(tmpdir(), "signalbox-embed-"));
const { model, tokenizer } = writeTinyTeacher(folder);
const out = join(folder, "tiny.sbemb");
const small = ["--dim", "8", "--words", "20", "--buckets", "256"];
const taught = ["--teacher", model, "--tokenizer", tokenizer];
let printed = "";

beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(out, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<string> {
  await yargs(["embed", ...args])
    .command(embedCommand as unknown as CommandModule)
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
  return printed;
}

function textsFile(): string {
  const path = join(folder, "texts.jsonl");
  const lines = tinyTexts(300, 2).map(({ text }, i) => {
    if (i % 3 === 0) return text;
    return JSON.stringify(i % 3 === 1 ? { text } : { messages: [{ role: "user", content: text }] });
  });
  writeFileSync(path, `${[...lines, "", '{"text": ', '{"other": 1}'].join("\n")}\n`);
  return path;
}

test("distil makes a file from lines, texts and messages, and check reads it", async () => {
  const result = JSON.parse(
    await run("distil", "--texts", textsFile(), ...taught, ...small, "--out", out, "--json"),
  );
  expect(result).toMatchObject({ path: out, dim: 8, rejected_lines: 2, seed: 1 });
  expect(result.sha256).toBe(readStaticEmbedder(readFileSync(out)).sha256);
  expect(result.held_out_cosine).toBeGreaterThan(0.9);

  printed = "";
  const checked = JSON.parse(
    await run("check", "--embedder", out, "--texts", textsFile(), ...taught, "--json"),
  );
  expect(checked).toMatchObject({ id: result.id, sha256: result.sha256, teacher: { id: "tiny.onnx" } });
  expect(checked.agreement.rankCorrelation).toBeGreaterThan(0.8);
});

test("the same seed gives the same file", async () => {
  const again = join(folder, "again.sbemb");
  await run("distil", "--texts", textsFile(), ...taught, ...small, "--out", out);
  await run("distil", "--texts", textsFile(), ...taught, ...small, "--out", again);
  expect(Buffer.compare(readFileSync(again), readFileSync(out))).toBe(0);
  expect(printed).toMatch(
    /Learnt from \d+ texts; 20 words|Learnt from \d+ texts; 2 lines gave none; 20 words/,
  );
});

test("distil learns from a workspace's own prompts", async () => {
  const workspace = await labelWorkspace();
  try {
    const result = JSON.parse(
      await run("distil", "--workspace", workspace.path, ...taught, ...small, "--out", out, "--json"),
    );
    expect(result.texts).toBeGreaterThan(50);
  } finally {
    removeWorkspace(workspace);
  }
});

test("check shows the built-in embedder without any file", async () => {
  const text = await run("check");
  expect(text).toMatch(/^hashed-chars-512: 512 dimensions, sha256 [0-9a-f]{64}/);
  expect(text).toContain("How do I reset my password?");
});

test.each<[string, string[], RegExp]>([
  ["no texts", ["distil", "--out", out], /give --workspace, --texts or both/],
  ["no output", ["distil", "--texts", "x.txt"], /distil needs --out/],
  ["buckets that are no power of two", ["distil", "--buckets", "100"], /power of two/],
  ["a dim of zero", ["distil", "--dim", "0"], /--dim is 0/],
  ["a missing embedder", ["check", "--embedder", join(folder, "none.sbemb")], /can't be read/],
  ["a file that is no embedder", ["check", "--embedder", model], /no embedder file/],
])("refuses %s", async (_, args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});
