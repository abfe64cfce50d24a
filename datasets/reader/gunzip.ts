import { once } from "node:events";
import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import { DamagedInput } from "./read-record.js";

/** Decompress gzip, any number of members one after another, keeping everything that came before a fault.
 *
 * `zlib.createGunzip` drops what it has already decoded when the next member is damaged and says nothing of bytes
 * after the last member; so the members' headers and trailers (RFC 1952) are read here.
 * @throws {DamagedInput} after the last good byte, if the data is cut, damaged or followed by something else */
export async function* gunzip(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const input = new ByteQueue(source);
  for (let member = 1; ; member++) {
    if (!(await readHeader(input, member))) return;
    yield* readMember(input);
  }
}

async function readHeader(input: ByteQueue, member: number): Promise<boolean> {
  const fixed = await input.take(10);
  if (member > 1 && (await isPadding(input, fixed))) return false;
  if (fixed.length < 10) throw cut();
  if (fixed[0] !== 0x1f || fixed[1] !== 0x8b || fixed[2] !== 8) {
    throw new DamagedInput(
      "unreadable_file",
      `bytes after gzip member ${member - 1} are not gzip; they were not read`,
    );
  }
  const flags = fixed[3]!;
  if (flags & 4) await input.skip((await input.takeAll(2)).readUInt16LE(0));
  if (flags & 8) await input.skipText();
  if (flags & 16) await input.skipText();
  if (flags & 2) await input.skip(2);
  return true;
}

/** Tapes and some writers pad with zeros; `fixed` was already taken. */
async function isPadding(input: ByteQueue, fixed: Buffer): Promise<boolean> {
  if (fixed.some((byte) => byte !== 0)) return false;
  for (let more = await input.take(65_536); more.length > 0; more = await input.take(65_536)) {
    if (more.some((byte) => byte !== 0)) return false;
  }
  return true;
}

async function* readMember(input: ByteQueue): AsyncIterable<Buffer> {
  const inflater = createInflateRaw({ chunkSize: 256 * 1024 });
  const outcome = { ended: false, error: null as Error | null };
  const ready: Buffer[] = [];
  inflater.on("data", (data: Buffer) => ready.push(data));
  inflater.on("end", () => (outcome.ended = true));
  inflater.on("error", (error) => (outcome.error = error));
  let fed = 0;
  let checksum = 0;
  let length = 0;
  let last: Buffer = Buffer.alloc(0);
  try {
    while (!outcome.ended && !outcome.error) {
      last = await input.take(compressedChunk);
      if (last.length === 0) throw cut();
      fed += last.length;
      await feed(inflater, last);
      for (const data of ready.splice(0)) {
        checksum = crc32(data, checksum);
        length = (length + data.length) >>> 0;
        yield data;
      }
    }
    if (outcome.error) {
      throw new DamagedInput(
        "unreadable_file",
        `gzip data is damaged (${outcome.error.message}); the rest was not read`,
      );
    }
    // bytesWritten is how much of the input the inflater used up; the rest is the trailer and what follows.
    input.unread(last.subarray(last.length - (fed - inflater.bytesWritten)));
  } finally {
    inflater.destroy();
  }
  const trailer = await input.takeAll(8);
  if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== length) {
    throw new DamagedInput("unreadable_file", "gzip checksum is wrong: what was read may be damaged");
  }
}

/** Small, so that a bomb can inflate to no more than about 16 MB at a time. */
const compressedChunk = 16 * 1024;

async function feed(inflater: InflateRaw, data: Buffer): Promise<void> {
  const stopped = new AbortController();
  const { signal } = stopped;
  await Promise.race([
    new Promise<void>((resolve) => inflater.write(data, () => resolve())),
    ...["end", "close"].map((event) => once(inflater, event, { signal })),
  ]).catch(() => {});
  stopped.abort();
}

function cut(): DamagedInput {
  return new DamagedInput(
    "truncated_tail",
    "the gzip data ends early: the file was cut; the rest is missing",
  );
}

/** Reads a stream of buffers by number of bytes. */
class ByteQueue {
  private held: Buffer = Buffer.alloc(0);
  private readonly source: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Up to `count` bytes; fewer only at the end of the stream. */
  async take(count: number): Promise<Buffer> {
    while (this.held.length < count) {
      const next = await this.source.next();
      if (next.done) break;
      this.held = this.held.length === 0 ? next.value : Buffer.concat([this.held, next.value]);
    }
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(taken.length);
    return taken;
  }

  async takeAll(count: number): Promise<Buffer> {
    const taken = await this.take(count);
    if (taken.length < count) throw cut();
    return taken;
  }

  async skip(count: number): Promise<void> {
    await this.takeAll(count);
  }

  /** Skip a text that ends with a zero byte. */
  async skipText(): Promise<void> {
    while ((await this.takeAll(1))[0] !== 0);
  }

  unread(bytes: Buffer): void {
    this.held = Buffer.concat([bytes, this.held]);
  }
}
