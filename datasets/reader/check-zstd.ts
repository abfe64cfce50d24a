import { type FileHandle, open } from "node:fs/promises";
import { DamagedInput } from "./read-record.js";

/** Whether a zstd file has all its frames, to the last byte. Decompressors that stop quietly at the end of a cut file can't tell; the
 * headers of frames and blocks can, for each says where the next one stands. Nothing is decompressed, so damage inside a block is
 * not seen.
 * @returns what is wrong, or null
 * @see RFC 8878, section 3.1 */
export async function findZstdFault(path: string): Promise<DamagedInput | null> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    let position = 0;
    while (position < size) {
      const next = await skipFrame(file, position);
      if (next === null)
        return new DamagedInput(
          "unreadable_file",
          `bytes ${position} to ${size} are not zstd; they were not read`,
        );
      if (next > size)
        return new DamagedInput(
          "truncated_tail",
          "the zstd data ends early: the file was cut; the rest is missing",
        );
      position = next;
    }
    return null;
  } finally {
    await file.close();
  }
}

/** @returns where the frame ends, which is beyond the file when it was cut; null when no frame begins here */
async function skipFrame(file: FileHandle, start: number): Promise<number | null> {
  const head = await readAt(file, start, 8);
  if (head.length < 8) return Number.POSITIVE_INFINITY;
  const magic = head.readUInt32LE(0);
  if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) return start + 8 + head.readUInt32LE(4);
  if (magic !== 0xfd2fb528) return null;
  const descriptor = head[4]!;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const checksumBytes = (descriptor & 4) !== 0 ? 4 : 0;
  let position = start + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (;;) {
    const block = await readAt(file, position, 3);
    if (block.length < 3) return Number.POSITIVE_INFINITY;
    const header = block.readUIntLE(0, 3);
    const type = (header >> 1) & 3;
    if (type === 3) return null;
    // A run-length block has one byte, whatever its size.
    position += 3 + (type === 1 ? 1 : header >> 3);
    if ((header & 1) === 1) return position + checksumBytes;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
