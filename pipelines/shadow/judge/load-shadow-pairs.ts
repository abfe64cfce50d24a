import { existsSync, statSync } from "node:fs";
import { ShadowStatus } from "@signalbox/runtime";
import { InputError } from "../../../datasets/errors.js";
import { readRecords } from "../../../datasets/reader/read-records.js";
import type { ShadowTexts } from "./preference-call.js";
import { type JudgedRecord, readContent, readShadowRecord } from "./read-shadow-record.js";

/** A pair that can be judged, with its texts as they were kept. */
export interface LoadedPair {
  record: JudgedRecord;
  texts: ShadowTexts;
}

/** What files of pairs hold: records = pairs + everything in `excluded`. */
export interface LoadedPairs {
  records: number;
  pairs: LoadedPair[];
  /** Records that are not judged, by reason, the most frequent first. */
  excluded: Array<{ reason: string; records: number }>;
  /** Lines of the files of contents that can't be used, by reason. */
  contents: { rows: number; unused: Array<{ reason: string; records: number }> };
}

/** Read the log of a response shadow, and the contents that its callers kept elsewhere. The first record of a pair counts.
 * @param options.pairs JSONL files, gzipped or not
 * @param options.contents JSONL files of {content_ref, prompt, system, baseline, candidate}
 * @throws {InputError} if a file isn't there */
export async function loadShadowPairs({
  pairs: files,
  contents: contentFiles,
}: {
  pairs: readonly string[];
  contents: readonly string[];
}): Promise<LoadedPairs> {
  const excluded = new Map<string, number>();
  const exclude = (reason: string) => excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
  const known = await readContents(contentFiles);
  const seen = new Set<string>();
  const pairs: LoadedPair[] = [];
  let records = 0;
  for await (const value of readValues(files)) {
    records += 1;
    const record = "problem" in value ? `malformed: ${value.problem}` : readShadowRecord(value.value);
    if (typeof record === "string") {
      exclude(record.startsWith("malformed") ? record : `malformed: ${record}`);
      continue;
    }
    if (record.status !== ShadowStatus.paired) {
      exclude(record.status);
      continue;
    }
    if (seen.has(record.pair_id)) {
      exclude("repeated pair_id");
      continue;
    }
    seen.add(record.pair_id);
    const texts = textsOf(record, known.contents);
    if (typeof texts === "string") exclude(texts);
    else pairs.push({ record, texts });
  }
  return {
    records,
    pairs,
    excluded: counted(excluded),
    contents: { rows: known.rows, unused: counted(known.unused) },
  };
}

/** The texts of a pair, or why it has none. An answer that holds nothing but tool calls is no empty answer, and can't be judged by its text. */
function textsOf(
  { content, content_ref, baseline, candidate }: JudgedRecord,
  contents: ReadonlyMap<string, NonNullable<JudgedRecord["content"]>>,
): ShadowTexts | string {
  const kept = content ?? (content_ref === null ? null : (contents.get(content_ref) ?? null));
  if (kept === null) return content_ref === null ? "no content was kept" : "content_ref without contents";
  const isToolCall = (finish: string | null, text: string | null) =>
    (text ?? "").trim() === "" && /tool|function/i.test(finish ?? "");
  if (
    isToolCall(baseline.finish_reason, kept.baseline) ||
    isToolCall(candidate!.finish_reason, kept.candidate)
  )
    return "an answer of tool calls alone";
  return {
    system: kept.system === "" ? null : kept.system,
    prompt: kept.prompt,
    baseline: kept.baseline ?? "",
    candidate: kept.candidate ?? "",
  };
}

async function readContents(files: readonly string[]) {
  const contents = new Map<string, NonNullable<JudgedRecord["content"]>>();
  const unused = new Map<string, number>();
  const refuse = (reason: string) => unused.set(reason, (unused.get(reason) ?? 0) + 1);
  let rows = 0;
  for await (const value of readValues(files)) {
    rows += 1;
    if ("problem" in value) {
      refuse(value.problem);
      continue;
    }
    const ref = (value.value as { content_ref?: unknown } | null)?.content_ref;
    const content = readContent(value.value);
    if (typeof ref !== "string" || ref === "") refuse("no content_ref");
    else if (content === null) refuse("no prompt");
    else if (contents.has(ref)) refuse("repeated content_ref");
    else contents.set(ref, content);
  }
  return { rows, contents, unused };
}

async function* readValues(
  files: readonly string[],
): AsyncGenerator<{ value: unknown } | { problem: string }> {
  for (const file of files) {
    if (!existsSync(file) || !statSync(file).isFile())
      throw new InputError(`${file}: no such file; name JSONL files, as the response shadow writes them`);
    for await (const records of readRecords(file))
      for (const { value, problem } of records) yield problem ? { problem: problem.reason } : { value };
  }
}

function counted(counts: ReadonlyMap<string, number>): LoadedPairs["excluded"] {
  return [...counts]
    .map(([reason, records]) => ({ reason, records }))
    .sort((a, b) => b.records - a.records || (a.reason < b.reason ? -1 : 1));
}
