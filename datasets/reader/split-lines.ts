import { parseJson } from "./parse-json.js";
import { type DamagedInput, oversizedPrefixChars, type ReadRecord, type Splitter } from "./read-record.js";

const newline = 0x0a;

/** Split JSONL: one JSON text a line. Blank lines are counted for the line numbers and are no records. */
export function createLineSplitter(maxLineBytes: number): Splitter {
  let line = 1;
  let pieces: Buffer[] = [];
  let held = 0;

  // An endless line must not fill the memory: beyond the limit only its beginning is kept, and its length counted.
  function hold(piece: Buffer): void {
    held += piece.length;
    if (held <= maxLineBytes) pieces.push(piece);
    else pieces = [Buffer.concat([...pieces, piece]).subarray(0, 4 * oversizedPrefixChars)];
  }

  function takeLine(end: Buffer): ReadRecord | null {
    if (held === 0) return readLine(end, end.length, line, maxLineBytes);
    hold(end);
    const record = readLine(Buffer.concat(pieces), held, line, maxLineBytes);
    pieces = [];
    held = 0;
    return record;
  }

  return {
    push(chunk) {
      const records: ReadRecord[] = [];
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        const record = takeLine(chunk.subarray(start, end));
        if (record) records.push(record);
        line += 1;
        start = end + 1;
      }
      if (start < chunk.length) hold(chunk.subarray(start));
      return records;
    },
    finish(damage) {
      const last = readLine(Buffer.concat(pieces), held, line, maxLineBytes);
      return finishLast(last, line, damage);
    },
  };
}

function readLine(bytes: Buffer, length: number, line: number, maxLineBytes: number): ReadRecord | null {
  if (length > maxLineBytes) {
    const raw = bytes.toString("utf8", 0, 4 * oversizedPrefixChars).slice(0, oversizedPrefixChars);
    return {
      line,
      raw,
      problem: { reason: "oversized_line", detail: `${length} bytes; the limit is ${maxLineBytes}` },
    };
  }
  const text = bytes.toString("utf8");
  const raw = text.endsWith("\r") ? text.slice(0, -1) : text;
  if (/^\s*$/.test(raw)) return null;
  const parsed = parseJson(raw);
  if ("value" in parsed) return { line, raw, value: parsed.value };
  return { line, raw, problem: { reason: "json_syntax", detail: parsed.error } };
}

/** A last line without a newline is fine when it is whole; otherwise it was cut. */
function finishLast(last: ReadRecord | null, line: number, damage: DamagedInput | null): ReadRecord[] {
  if (!damage) {
    if (last?.problem?.reason === "json_syntax" && /^\s*[[{]/.test(last.raw))
      last.problem.reason = "truncated_tail";
    return last ? [last] : [];
  }
  const problem = { reason: damage.reason, detail: damage.message };
  if (last?.value !== undefined) return [last, { line: line + 1, raw: "", problem }];
  return [{ line, raw: last?.raw ?? "", problem }];
}
