import { StringDecoder } from "node:string_decoder";
import { type DamagedInput, oversizedPrefixChars, type ReadRecord, type Splitter } from "./read-record.js";

/** Split CSV as RFC 4180 and Postgres' COPY write it, with a header row: each record is an object of texts by column name.
 * An empty field is null, an empty quoted field is "". Newlines inside quotes belong to the field. A row that doesn't fit
 * the header, or whose quotes don't close, is a record with a problem; reading goes on at the next line. */
export function createCsvSplitter(maxLineBytes: number, delimiter: string): Splitter {
  const decoder = new StringDecoder("utf8");
  let text = "";
  let line = 1;
  let header: string[] | null = null;

  function read(atEnd: boolean): ReadRecord[] {
    const records: ReadRecord[] = [];
    let start = 0;
    while (start < text.length) {
      let row = readRow(text, start, delimiter, atEnd);
      if (row === null) {
        if (!atEnd && text.length - start <= maxLineBytes) break;
        row = firstLineAlone(
          text,
          start,
          atEnd ? "a quote is never closed" : `no end of row within ${maxLineBytes} bytes`,
        );
      }
      const raw = text.slice(start, row.end).trimEnd();
      if (raw !== "") {
        if (header === null) header = uniqueNames(row.fields);
        else records.push(toRecord(row, raw, line, header));
      }
      line += countNewlines(text, start, row.end);
      start = row.end;
    }
    text = text.slice(start);
    return records;
  }

  return {
    push(chunk) {
      text += decoder.write(chunk);
      return read(false);
    },
    finish(damage) {
      text += decoder.end();
      if (damage === null) return read(true);
      const partial = text.trim();
      return [
        ...(partial === "" ? [] : damagedTail(line, partial, damage)),
        ...(partial === "" ? damagedTail(line, "", damage) : []),
      ];
    },
  };
}

interface Row {
  fields: Array<string | null>;
  /** Where the next row starts. */
  end: number;
  error: string | null;
}

/** One row from `start`, or null when the text ends inside it. */
function readRow(text: string, start: number, delimiter: string, atEnd: boolean): Row | null {
  const fields: Array<string | null> = [];
  let position = start;
  let newline = text.indexOf("\n", start);
  for (;;) {
    let fieldEnd: number;
    if (text[position] === '"') {
      const close = closingQuote(text, position, atEnd);
      if (close === null) return null;
      fields.push(text.slice(position + 1, close).replaceAll('""', '"'));
      fieldEnd = close + 1;
      if (newline >= 0 && newline < fieldEnd) newline = text.indexOf("\n", fieldEnd);
      if (newline < 0 && !atEnd) return null;
      if (text[fieldEnd] === "\r" && (newline === fieldEnd + 1 || fieldEnd + 1 === text.length))
        fieldEnd += 1;
    } else {
      if (newline < 0 && !atEnd) return null;
      const next = text.indexOf(delimiter, position);
      const rowEnd = newline < 0 ? text.length : newline;
      fieldEnd = next >= 0 && next < rowEnd ? next : rowEnd;
      const bare =
        fieldEnd === rowEnd && text[fieldEnd - 1] === "\r"
          ? text.slice(position, fieldEnd - 1)
          : text.slice(position, fieldEnd);
      fields.push(bare === "" ? null : bare);
    }
    if (fieldEnd >= text.length) return { fields, end: text.length, error: null };
    if (fieldEnd === newline) return { fields, end: newline + 1, error: null };
    if (text[fieldEnd] !== delimiter) {
      const end = newline < 0 ? text.length : newline + 1;
      return { fields, end, error: `field ${fields.length} goes on after its closing quote` };
    }
    position = fieldEnd + 1;
  }
}

/** Position of the quote that closes the one at `open`; null when the text ends first. */
function closingQuote(text: string, open: number, atEnd: boolean): number | null {
  for (let from = open + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return null;
    if (text[quote + 1] !== '"') return quote + 1 === text.length && !atEnd ? null : quote;
    from = quote + 2;
  }
}

function firstLineAlone(text: string, start: number, error: string): Row {
  const newline = text.indexOf("\n", start);
  return { fields: [], end: newline < 0 ? text.length : newline + 1, error };
}

function toRecord(row: Row, raw: string, line: number, header: string[]): ReadRecord {
  const extra = row.fields.slice(header.length);
  const error =
    row.error ??
    (row.fields.length < header.length || extra.some((field) => field !== null)
      ? `${row.fields.length} fields where the header has ${header.length}`
      : null);
  if (error !== null) {
    return { line, raw: raw.slice(0, 1_000_000), problem: { reason: "csv_syntax", detail: error } };
  }
  return { line, raw, value: Object.fromEntries(header.map((name, i) => [name, row.fields[i] ?? null])) };
}

function uniqueNames(fields: Array<string | null>): string[] {
  const seen = new Map<string, number>();
  return fields.map((field, i) => {
    const name = field?.trim() || `column_${i + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

function countNewlines(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = text.indexOf("\n", start); i >= 0 && i < end; i = text.indexOf("\n", i + 1)) count += 1;
  return count;
}

function damagedTail(line: number, partial: string, damage: DamagedInput): ReadRecord[] {
  return [
    {
      line,
      raw: partial.slice(0, oversizedPrefixChars),
      problem: { reason: damage.reason, detail: damage.message },
    },
  ];
}
