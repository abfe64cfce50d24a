import { writeFileSync } from "node:fs";
import { DamagedInput, type ReadRecord } from "../../../datasets/reader/read-record.js";
import { type CutLine, cutLines, readLastLine, readLine } from "../../../datasets/reader/split-lines.js";
import type { LineShapes } from "./line-shapes.js";

/** Some tens of MB of a JSONL file: its plain lines as a file for the SQL engine, every other line as a record. */
export interface LineChunk {
  /** JSONL of the plain lines, the line number under {@link lineKey} put in front of each. */
  path: string;
  /** Numbers of the plain lines. */
  lines: readonly number[];
  bytes: number;
  /** Known keys that the plain lines have. */
  keys: ReadonlySet<string>;
  /** The lines that are not plain, in order. */
  records: ReadRecord[];
  /** A plain line as a record after all, by its number; until the chunk is released. */
  recordAt(line: number): ReadRecord;
  /** Give its memory to a later chunk. */
  release(): void;
}

/** Key under which a line holds its number. */
export const lineKey = "\u0001line";
/** Key under which a line that names no id holds the one that is derived from its text. */
export const derivedIdKey = "\u0001id";

/** Limits of a chunk. Longer lines than half the engine's buffers are left to JavaScript. */
const chunkBytes = 64 * 1024 * 1024;
export const maxPlainBytes = 1024 * 1024;
const maxChunkRows = 120_000;

interface ChunkOptions {
  shapes: LineShapes;
  /** Names that a record's id may have, and what takes its place in a line that has none of them. */
  idKeys: readonly string[];
  deriveId: (text: string) => string;
  /** Path for the chunk of this number. */
  pathOf: (chunkNo: number) => string;
  maxLineBytes: number;
}

/** Cut the bytes of a JSONL file into chunks. The last line is left to JavaScript when the file ends early. */
export async function* lineChunks(
  bytes: AsyncIterable<Buffer>,
  options: ChunkOptions,
): AsyncIterable<LineChunk> {
  const { maxLineBytes } = options;
  const pool = new BufferPool();
  let chunk = new ChunkWriter(options, 0, pool);
  const cutter = cutLines(maxLineBytes);
  let damage: DamagedInput | null = null;
  try {
    for await (const buffer of bytes) {
      for (const line of cutter.push(buffer)) {
        if (chunk.isFull()) {
          yield chunk.finish();
          chunk = new ChunkWriter(options, chunk.number + 1, pool);
        }
        chunk.take(line);
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    damage = error;
  }
  chunk.records.push(...readLastLine(cutter.rest(), maxLineBytes, damage));
  yield chunk.finish();
}

/** Buffers of finished chunks, for later ones: fresh memory costs more than what is copied into it. */
class BufferPool {
  private readonly free: Buffer[] = [];

  take(): Buffer {
    return this.free.pop() ?? Buffer.allocUnsafe(chunkBytes + 2 * maxPlainBytes);
  }

  give(buffer: Buffer): void {
    this.free.push(buffer);
  }
}

class ChunkWriter {
  readonly records: ReadRecord[] = [];
  private readonly buffer: Buffer;
  private used = 0;
  private recordBytes = 0;
  private readonly lines: number[] = [];
  /** Start and end of every plain line, without its prefix, in the buffer. */
  private readonly places: number[] = [];

  constructor(
    private readonly options: ChunkOptions,
    readonly number: number,
    private readonly pool: BufferPool,
  ) {
    this.buffer = pool.take();
  }

  isFull(): boolean {
    return (
      this.used > chunkBytes ||
      this.recordBytes > chunkBytes ||
      this.lines.length >= maxChunkRows ||
      this.records.length >= maxChunkRows
    );
  }

  take({ bytes, length, line }: CutLine): void {
    const { shapes, maxLineBytes } = this.options;
    if (length <= maxPlainBytes && shapes.isPlain(bytes, 0, bytes.length)) {
      this.takePlain(bytes, line);
      return;
    }
    const record = readLine(bytes, length, line, maxLineBytes);
    if (record === null) return;
    this.records.push(record);
    this.recordBytes += bytes.length;
  }

  finish(): LineChunk {
    const { buffer, lines, places, records, options, pool } = this;
    const path = options.pathOf(this.number);
    writeFileSync(path, buffer.subarray(0, this.used));
    return {
      path,
      lines,
      bytes: this.used,
      keys: new Set(options.shapes.takeKeys()),
      records,
      recordAt: (line) => {
        const index = indexOf(lines, line);
        const text = Buffer.concat([openObject, buffer.subarray(places[2 * index], places[2 * index + 1])]);
        return readLine(text, text.length, line, options.maxLineBytes)!;
      },
      release: () => pool.give(buffer),
    };
  }

  /** The prefix takes the place of the line's opening brace. */
  private takePlain(bytes: Buffer, line: number): void {
    const { shapes, idKeys, deriveId } = this.options;
    const text = bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
    const derived = idKeys.some((key) => shapes.hasKey(key))
      ? ""
      : `"\\u0001id":"${deriveId(text.toString())}",`;
    this.used += this.buffer.write(`{"\\u0001line":${line},${derived}`, this.used, "latin1");
    const start = this.used;
    this.used += text.copy(this.buffer, start, 1);
    this.lines.push(line);
    this.places.push(start, this.used);
    this.buffer[this.used++] = 0x0a;
  }
}

const openObject = Buffer.from("{");
const carriageReturn = 0x0d;

/** Binary search. */
function indexOf(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
