import {
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** Flip one bit in the middle of a file, in place, as a failing disk would. */
export function flipBit(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  const file = openSync(path, "r+");
  writeSync(file, Uint8Array.of(bytes[at]! ^ 0x10), 0, 1, at);
  closeSync(file);
}

/** Put a half-written artifact beside the one in use and point latest.json to it, as a deployment that was cut off would.
 * @param folder directory of artifacts
 * @param id name of the artifact in use */
export function writeHalfArtifact(folder: string, id: string): void {
  const half = `${id}-half`;
  cpSync(join(folder, id), join(folder, half), { recursive: true });
  const model = join(folder, half, "model.onnx");
  const bytes = readFileSync(model);
  writeFileSync(model, bytes.subarray(0, bytes.length >> 1));
  rmSync(join(folder, half, "golden.jsonl"));
  writeFileSync(join(folder, "latest.json"), JSON.stringify({ artifact_id: half, path: half }));
}

/** Make every further write to a log fail: its name leads to a device that is always full. */
export function fillDisk(log: string): void {
  rmSync(log, { force: true });
  symlinkSync("/dev/full", log);
}
