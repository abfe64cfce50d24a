import { expect } from "vitest";
import type { Mapped, RequestDraft, Source } from "../../datasets/sources/source.js";

/** What a source makes of the lines of one file, in their order; fails unless every record is answered exactly once. */
export function mapRecords(source: Source, lines: readonly unknown[], modifiedAt = 0): Mapped[] {
  const records = lines.flatMap((line) => (source.explode ? source.explode(line) : [line]));
  if (!source.open) return records.map((record) => source.map(record));
  const reader = source.open<number>({ path: "log.jsonl", modifiedAt });
  const answers = records.flatMap((record, place) => reader.take(record, place)).concat(reader.end());
  expect(answers.map(({ place }) => place).sort((a, b) => a - b)).toEqual(records.map((_, place) => place));
  return answers.sort((a, b) => a.place - b.place).map(({ mapped }) => mapped);
}

/** The drafts of the lines that became rows. */
export function draftsOf(source: Source, lines: readonly unknown[]): RequestDraft[] {
  return mapRecords(source, lines).flatMap((mapped) => (mapped.kind === "row" ? [mapped.draft] : []));
}

/** The draft of a record that has to become a row. */
export function draftOf(source: Source, line: unknown): RequestDraft {
  const [mapped] = mapRecords(source, [line]);
  if (mapped?.kind !== "row") throw new Error(JSON.stringify(mapped));
  return mapped.draft;
}
