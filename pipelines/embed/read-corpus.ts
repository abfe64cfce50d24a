import { readRequest } from "@signalbox/runtime";
import { readSql } from "../../datasets/engine/sql-file.js";
import { DataError } from "../../datasets/errors.js";
import { readLines } from "../../datasets/reader/read-lines.js";
import { openTables, openWorkspace } from "../../datasets/workspace.js";

/** Texts to learn from, and how many lines gave none. */
export interface Corpus {
  texts: string[];
  /** Lines that are broken JSON, or hold no text. */
  rejected: number;
}

const promptLimit = 500_000;
const promptUnits = 1_000;

/** Read texts from a workspace's prompts, a file, or both. A line of a file is a text; one that begins with `{` is JSON with
 * `text`, `prompt` or `messages`, of which the last user turn counts. Plain, gzip or zstd.
 * @throws {DataError} if there are none
 * @throws {InputError} if the workspace isn't there, or the file can't be read to its end */
export async function readCorpus(workspace: string | null, file: string | null): Promise<Corpus> {
  const corpus: Corpus = { texts: [], rejected: 0 };
  if (workspace !== null) corpus.texts = await readPrompts(workspace);
  if (file !== null) await readFileTexts(file, corpus);
  if (corpus.texts.length === 0) {
    const where = [workspace, file].filter((name) => name !== null).join(" and ");
    throw new DataError(
      `${where}: no texts; ingest with --content redacted or full, or name a file of texts with --texts`,
    );
  }
  return corpus;
}

async function readPrompts(workspace: string): Promise<string[]> {
  const engine = await openTables(openWorkspace(workspace));
  try {
    const parameters = { limit: promptLimit, units: promptUnits };
    const rows = await engine.rows<{ text: string }>(readSql("pipelines/embed/prompt-texts.sql"), parameters);
    return rows.map(({ text }) => text);
  } finally {
    engine.close();
  }
}

async function readFileTexts(file: string, corpus: Corpus): Promise<void> {
  for await (const lines of readLines(file)) {
    for (const line of lines) {
      const trimmed = line?.trim() ?? null;
      if (trimmed === "") continue;
      const text = trimmed?.startsWith("{") ? textOf(trimmed) : trimmed;
      if (text === null || text === "") corpus.rejected += 1;
      else corpus.texts.push(text);
    }
  }
}

function textOf(line: string): string | null {
  let value: { text?: unknown; prompt?: string };
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  return typeof value.text === "string" ? value.text : readRequest(value).userText;
}
