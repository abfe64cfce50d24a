import { parseJson } from "./parse-json.js";
import { type DamagedInput, oversizedPrefixChars, type ReadRecord, type Splitter } from "./read-record.js";

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const comma = 0x2c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Split a JSON document into records: the elements of a top-level array, or top-level values one after another, pretty
 * printed or not. A broken element becomes one record with a problem, and reading goes on at the next line that starts
 * an object or array no deeper than the broken one. */
export function createValueSplitter(maxLineBytes: number): Splitter {
  let line = 1;
  let column = 0;
  let inArray = false;
  let sawArrayEnd = true;
  let value: OpenValue | null = null;

  function scan(chunk: Buffer): ReadRecord[] {
    const records: ReadRecord[] = [];
    const stops = new StringStops(chunk);
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (value?.isPlainString()) {
        const stop = stops.after(i);
        column += stop - i;
        i = stop;
        if (i === chunk.length) break;
      }
      const byte = chunk[i]!;
      if (value) {
        const step = value.broken ? resume(value, byte) : advance(value, byte);
        if (step !== "inside") {
          value.hold(chunk.subarray(start, step === "after" ? i + 1 : i));
          records.push(value.close());
          value = null;
          // The byte that ended a scalar or a broken element belongs to what follows.
          if (step === "before") i -= 1;
          else column += 1;
          continue;
        }
      } else if (byte === openArray && !inArray) {
        inArray = true;
        sawArrayEnd = false;
      } else if (byte === closeArray && inArray) {
        inArray = false;
        sawArrayEnd = true;
      } else if (byte > 0x20 && byte !== comma) {
        value = new OpenValue(line, column, byte, maxLineBytes);
        start = i;
      }
      if (byte === newline) {
        line += 1;
        column = 0;
      } else column += 1;
    }
    if (value) value.hold(chunk.subarray(start));
    return records;
  }

  return {
    push: scan,
    finish(damage) {
      const records: ReadRecord[] = [];
      if (value) records.push(value.close(value.isComplete() ? null : cutShort(damage)));
      if (damage && records.at(-1)?.problem?.reason !== damage.reason) records.push(endOfInput(line, damage));
      else if (!sawArrayEnd && records.at(-1)?.problem === undefined) records.push(endOfInput(line, null));
      return records;
    },
  };
}

/** Where a string may end or change its meaning: most of a log is inside strings, and skipping is ten times faster than looking
 * at each byte. */
class StringStops {
  private readonly next = new Map<number, number>([
    [quote, -1],
    [backslash, -1],
    [newline, -1],
  ]);

  constructor(private readonly chunk: Buffer) {}

  /** Position of the first quote, backslash or newline at or behind `from`; the chunk's length when there is none. */
  after(from: number): number {
    let first = this.chunk.length;
    for (const [byte, known] of this.next) {
      let at = known;
      if (at < from) {
        const found = this.chunk.indexOf(byte, from);
        at = found < 0 ? this.chunk.length : found;
        this.next.set(byte, at);
      }
      if (at < first) first = at;
    }
    return first;
  }
}

/** One value that is being read. */
class OpenValue {
  depth = 0;
  inString = false;
  escaped = false;
  readonly isScalar: boolean;
  /** Set when a string runs into the end of a line, which JSON forbids: the value can't be trusted to end. */
  broken = false;
  atLineStart = false;
  indent = 0;
  private pieces: Buffer[] = [];
  private length = 0;

  constructor(
    readonly line: number,
    readonly column: number,
    first: number,
    private readonly maxBytes: number,
  ) {
    this.isScalar = first !== openObject && first !== openArray;
    if (first === quote) this.inString = true;
    else if (!this.isScalar) this.depth = 1;
  }

  hold(piece: Buffer): void {
    this.length += piece.length;
    if (this.length <= this.maxBytes) this.pieces.push(piece);
    else this.pieces = [Buffer.concat([...this.pieces, piece]).subarray(0, 4 * oversizedPrefixChars)];
  }

  isPlainString(): boolean {
    return this.inString && !this.escaped && !this.broken;
  }

  /** A scalar has no closing bracket: at the end of the input it is complete. */
  isComplete(): boolean {
    return this.isScalar && !this.inString && !this.broken;
  }

  close(problem: ReadRecord["problem"] | null = null): ReadRecord {
    const text = Buffer.concat(this.pieces).toString("utf8").trimEnd();
    if (this.length > this.maxBytes) {
      const detail = `${this.length} bytes; the limit is ${this.maxBytes}`;
      return {
        line: this.line,
        raw: text.slice(0, oversizedPrefixChars),
        problem: { reason: "oversized_line", detail },
      };
    }
    if (problem) return { line: this.line, raw: text, problem };
    const parsed = parseJson(text);
    if ("value" in parsed) return { line: this.line, raw: text, value: parsed.value };
    return { line: this.line, raw: text, problem: { reason: "json_syntax", detail: parsed.error } };
  }
}

/** Whether a byte belongs to the value, ends it ("after") or is the first behind it ("before"). */
type Step = "inside" | "after" | "before";

function advance(value: OpenValue, byte: number): Step {
  if (value.inString) {
    if (byte === newline) {
      value.broken = true;
      return resume(value, byte);
    }
    if (value.escaped) value.escaped = false;
    else if (byte === backslash) value.escaped = true;
    else if (byte === quote) {
      value.inString = false;
      if (value.isScalar) return "after";
    }
    return "inside";
  }
  if (value.isScalar) {
    return byte <= 0x20 || byte === comma || byte === openObject || byte === openArray || byte === closeArray
      ? "before"
      : "inside";
  }
  if (byte === quote) value.inString = true;
  else if (byte === openObject || byte === openArray) value.depth += 1;
  else if (byte === closeObject || byte === closeArray) {
    value.depth -= 1;
    if (value.depth === 0) return "after";
  }
  return "inside";
}

function resume(value: OpenValue, byte: number): Step {
  if (byte === newline) {
    value.atLineStart = true;
    value.indent = 0;
    return "inside";
  }
  if (!value.atLineStart) return "inside";
  if (byte === 0x20 || byte === 0x09) {
    value.indent += 1;
    return "inside";
  }
  value.atLineStart = false;
  const startsValue = byte === openObject || byte === openArray || byte === closeArray;
  return startsValue && value.indent <= value.column ? "before" : "inside";
}

function cutShort(damage: DamagedInput | null): NonNullable<ReadRecord["problem"]> {
  if (damage) return { reason: damage.reason, detail: damage.message };
  return { reason: "truncated_tail", detail: "the file ends inside this value" };
}

function endOfInput(line: number, damage: DamagedInput | null): ReadRecord {
  const problem = damage
    ? { reason: damage.reason, detail: damage.message }
    : ({ reason: "truncated_tail", detail: "the file ends without the array's closing bracket" } as const);
  return { line, raw: "", problem };
}
