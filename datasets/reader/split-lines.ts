import { parseJson } from "./parse-json.js";
import { type DamagedInput, oversizedPrefixChars, type ReadRecord, type Splitter } from "./read-record.js";
import { textLogAdvice } from "./text-log.js";

const newline = 0x0a;

/** Split JSONL: one JSON text a line. Blank lines are counted for the line numbers and are no records. */
export function createLineSplitter(maxLineBytes: number): Splitter {
  const cutter = cutLines(maxLineBytes);
  return {
    push(chunk) {
      return cutter
        .push(chunk)
        .map(({ bytes, length, line }) => readLine(bytes, length, line, maxLineBytes))
        .filter((record) => record !== null);
    },
    finish(damage) {
      return readLastLine(cutter.rest(), maxLineBytes, damage);
    },
  };
}

/** One line as bytes, without its line feed. */
export interface CutLine {
  /** All of it, or its beginning when it is longer than the limit. */
  bytes: Buffer;
  /** Length in bytes. */
  length: number;
  /** Counted from 1. */
  line: number;
}

/** Cut bytes at line feeds. The bytes of a line may be a view on those that were pushed. */
export function cutLines(maxLineBytes: number): { push(chunk: Buffer): CutLine[]; rest(): CutLine } {
  let line = 1;
  let pieces: Buffer[] = [];
  let held = 0;

  // An endless line must not fill the memory: beyond the limit only its beginning is kept, and its length counted.
  function hold(piece: Buffer): void {
    held += piece.length;
    if (held <= maxLineBytes) pieces.push(piece);
    else pieces = [Buffer.concat([...pieces, piece]).subarray(0, 4 * oversizedPrefixChars)];
  }

  function takeLine(end: Buffer): CutLine {
    if (held === 0) return { bytes: end, length: end.length, line };
    hold(end);
    const whole = { bytes: Buffer.concat(pieces), length: held, line };
    pieces = [];
    held = 0;
    return whole;
  }

  return {
    push(chunk) {
      const lines: CutLine[] = [];
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        lines.push(takeLine(chunk.subarray(start, end)));
        line += 1;
        start = end + 1;
      }
      if (start < chunk.length) hold(chunk.subarray(start));
      return lines;
    },
    rest: () => ({ bytes: Buffer.concat(pieces), length: held, line }),
  };
}

/** A line as a record; null when it is blank. */
export function readLine(
  bytes: Buffer,
  length: number,
  line: number,
  maxLineBytes: number,
): ReadRecord | null {
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
  const advice = textLogAdvice(raw);
  if (advice !== null) return { line, raw, problem: { reason: "unknown_schema", detail: advice } };
  return { line, raw, problem: { reason: "json_syntax", detail: parsed.error } };
}

/** What stands behind the last line feed: fine when it is whole; otherwise it was cut.
 * @param damage why the bytes ended early, or null at a proper end of file */
export function readLastLine(
  { bytes, length, line }: CutLine,
  maxLineBytes: number,
  damage: DamagedInput | null,
): ReadRecord[] {
  const last = readLine(bytes, length, line, maxLineBytes);
  if (!damage) {
    if (last?.problem?.reason === "json_syntax" && /^\s*[[{]/.test(last.raw))
      last.problem.reason = "truncated_tail";
    return last ? [last] : [];
  }
  const problem = { reason: damage.reason, detail: damage.message };
  if (last?.value !== undefined) return [last, { line: line + 1, raw: "", problem }];
  return [{ line, raw: last?.raw ?? "", problem }];
}
