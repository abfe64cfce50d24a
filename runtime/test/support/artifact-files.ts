import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeTar } from "./write-tar.js";

/** Files of a folder by name. */
export function readFiles(folder: string): Record<string, Uint8Array> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

/** The folder as a tar archive, under a folder's name as `tar cf` writes it. */
export function packFolder(folder: string, prefix = "./20260101-0000000a/"): Uint8Array {
  const files = Object.entries(readFiles(folder));
  return writeTar([
    ...(prefix === "" ? [] : [{ name: prefix, flag: "5" }]),
    ...files.map(([name, content]) => ({ name: prefix + name, content })),
  ]);
}
