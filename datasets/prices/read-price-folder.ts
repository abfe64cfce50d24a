import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../errors.js";
import { readJsonFile } from "../read-json-file.js";
import type { PriceList } from "./price-list.js";

/** One imported list, as the manifest of a workspace's prices/ names it. */
export interface ImportedList {
  name: string;
  kind: PriceList["kind"];
  /** File inside the folder. */
  file: string;
  sha256: string;
  /** Version or date of the list; null where it has none. */
  version: string | null;
  /** Name of the file that was imported. */
  imported_from: string;
  imported_at: string;
  entries: number;
  aliases: number;
  /** Entries of the file that could not be used, by reason. */
  ignored: Record<string, number>;
}

/** prices/manifest.json: written last, it says which lists are in force, in the order of their import. */
export interface PriceManifest {
  schema_version: 1;
  lists: ImportedList[];
}

/** Folder of a workspace's own prices. */
export function priceFolder(workspace: { path: string }): string {
  return join(workspace.path, "prices");
}

/** The manifest of a price folder; one without lists where the folder isn't there. */
export function readPriceManifest(folder: string): PriceManifest {
  const path = join(folder, "manifest.json");
  return existsSync(path)
    ? readJsonFile<PriceManifest>(path, "delete the folder, and import the prices again")
    : { schema_version: 1, lists: [] };
}

/** Read the lists that a user imported.
 * @throws {InputError} if a list is missing, damaged, or not the one that was imported */
export function readPriceFolder(folder: string): { lists: PriceList[]; hashes: string[] } {
  const { lists } = readPriceManifest(folder);
  return {
    lists: lists.map((listed) => readList(join(folder, listed.file), listed)),
    hashes: lists.map(({ sha256 }) => sha256),
  };
}

function readList(path: string, { sha256, imported_from: from }: ImportedList): PriceList {
  const remedy = `import it again: signalbox prices import ${from}`;
  if (!existsSync(path)) throw new InputError(`${path}: this price list is missing; ${remedy}`);
  const list = readJsonFile<PriceList>(path, remedy);
  if (createHash("sha256").update(readFileSync(path)).digest("hex") !== sha256)
    throw new InputError(`${path}: not the list that was imported (its hash differs); ${remedy}`);
  return list;
}
