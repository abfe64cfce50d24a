import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { InputError } from "../../errors.js";
import { makeFolder } from "../../make-folder.js";
import { asArray, asRecord, asString, type JsonRecord } from "../../sources/json-access.js";
import { writeFileAtomic } from "../../workspace.js";
import { momentOf, type PriceList } from "../price-list.js";
import { type ImportedList, priceFolder, readPriceManifest } from "../read-price-folder.js";
import { readAliases, readContract } from "./read-contract.js";
import { readLitellmPrices } from "./read-litellm-prices.js";
import { isLlmPrices, readLlmPrices } from "./read-llm-prices.js";
import { isOpenrouterModels, readOpenrouterModels } from "./read-openrouter-models.js";
import type { ReadPrices } from "./read-prices.js";

/** What `prices import` did. */
export interface PriceImport {
  format: "litellm" | "llm-prices" | "openrouter" | "contract" | "aliases";
  list: ImportedList;
  /** Entries that could not be used, with the reason. */
  ignored: ReadPrices["ignored"];
  /** Whether a list of the same name was there before. */
  isReplaced: boolean;
}

/** Read a price file into a workspace: LiteLLM's price JSON, an llm-prices history, OpenRouter's models, a contract or an alias map; which of them it is, its
 * content says. The list is written before the manifest that names it, so a reader sees all of it or nothing. A list of the same kind
 * and name is replaced.
 * @param asOf YYYY-MM-DD on which a list without dates held; its own date where it has one
 * @param name of the list in price_source; default the contract's name, or the file's with the date
 * @throws {InputError} if the file can't be read, isn't one of the formats, or (a contract) has a mistake */
export function importPrices(
  workspace: { path: string },
  path: string,
  options: {
    asOf?: string | null;
    name?: string | null;
    /** Refuse everything but an alias map. */
    only?: "aliases";
    now?: Date;
  } = {},
): PriceImport {
  const { asOf = null, name = null, now = new Date() } = options;
  const file = readDocument(path);
  if (asOf !== null) momentOf(asOf, 0);
  const format = formatOf(file, path);
  if (options.only === "aliases" && format !== "aliases")
    throw new InputError(`${path}: not an alias map; import it with: signalbox prices import`);
  const read = readAs(format, file, path);
  const kind = format === "contract" || format === "aliases" ? format : "import";
  const version = asOf ?? read.version;
  const list: PriceList = {
    schema_version: 1,
    kind,
    name: slug(name ?? asString(file.contract) ?? defaultName(path, kind === "import" ? version : null)),
    version,
    entries: read.entries,
    aliases: read.aliases,
  };
  return { format, ...store(priceFolder(workspace), list, read, path, now), ignored: read.ignored };
}

/** Take a list out of a workspace again.
 * @throws {InputError} if there is none of that name */
export function removePrices(workspace: { path: string }, name: string): ImportedList[] {
  const folder = priceFolder(workspace);
  const manifest = readPriceManifest(folder);
  const removed = manifest.lists.filter((list) => list.name === name);
  if (removed.length === 0) {
    const known = manifest.lists.map((list) => list.name).join(", ") || "none";
    throw new InputError(`${name}: no such price list; imported are: ${known}`);
  }
  writeManifestOf(
    folder,
    manifest.lists.filter((list) => list.name !== name),
  );
  for (const { file } of removed) rmSync(join(folder, file), { force: true });
  return removed;
}

function readDocument(path: string): JsonRecord {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new InputError(`${path}: can't be read (${(cause as Error).message})`, { cause });
  }
  try {
    const document: unknown = JSON.parse(text);
    const rows = asArray(document);
    const record = rows === null ? asRecord(document) : { aliases: rows };
    if (record !== null) return record;
  } catch (cause) {
    throw new InputError(`${path}: not readable as JSON (${(cause as Error).message})`, { cause });
  }
  throw new InputError(`${path}: not a JSON object; ${FORMATS}`);
}

const FORMATS =
  "a price file is LiteLLM's model_prices_and_context_window.json, an llm-prices history, OpenRouter's list of models, a contract or an alias map (docs/prices.md)";

function formatOf(file: JsonRecord, path: string): PriceImport["format"] {
  const values = Object.values(file);
  if (isLlmPrices(file)) return "llm-prices";
  if (isOpenrouterModels(file)) return "openrouter";
  if (values.some((value) => asString(asRecord(value)?.litellm_provider) !== null)) return "litellm";
  if (file.prices !== undefined || file.contract !== undefined) return "contract";
  const isMap = values.length > 0 && values.every((value) => typeof value === "string");
  if (file.aliases !== undefined || isMap) return "aliases";
  throw new InputError(`${path}: not a price file that is understood; ${FORMATS}`);
}

function readAs(format: PriceImport["format"], file: JsonRecord, path: string): ReadPrices {
  if (format === "litellm") return readLitellmPrices(file);
  if (format === "llm-prices") return readLlmPrices(file);
  if (format === "openrouter") return readOpenrouterModels(file);
  try {
    if (format === "contract") return readContract(file);
    const problems: string[] = [];
    const aliases = readAliases(file.aliases ?? file, problems);
    if (problems.length > 0)
      throw new InputError(`${problems.slice(0, 20).join("; ")}; nothing was imported`);
    return { entries: [], aliases, version: null, ignored: [] };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

function store(
  folder: string,
  list: PriceList,
  read: ReadPrices,
  path: string,
  now: Date,
): Pick<PriceImport, "list" | "isReplaced"> {
  if (list.entries.length + list.aliases.length === 0)
    throw new InputError(`${path}: none of its ${read.ignored.length} entries can be used`);
  makeFolder(folder);
  const manifest = readPriceManifest(folder);
  const text = `${JSON.stringify(list, null, 1)}\n`;
  const sha256 = createHash("sha256").update(text).digest("hex");
  const file = `${list.kind}-${list.name}-${sha256.slice(0, 8)}.json`;
  const imported: ImportedList = {
    name: list.name,
    kind: list.kind,
    file,
    sha256,
    version: list.version,
    imported_from: basename(path),
    imported_at: now.toISOString(),
    entries: list.entries.length,
    aliases: list.aliases.length,
    ignored: countReasons(read.ignored),
  };
  const isSame = (other: ImportedList) => other.kind === list.kind && other.name === list.name;
  const replaced = manifest.lists.filter(isSame);
  writeFileAtomic(join(folder, file), text);
  writeManifestOf(folder, [...manifest.lists.filter((other) => !isSame(other)), imported]);
  for (const old of replaced) if (old.file !== file) rmSync(join(folder, old.file), { force: true });
  return { list: imported, isReplaced: replaced.length > 0 };
}

function writeManifestOf(folder: string, lists: ImportedList[]): void {
  writeFileAtomic(
    join(folder, "manifest.json"),
    `${JSON.stringify({ schema_version: 1, lists }, null, 2)}\n`,
  );
}

function countReasons(ignored: ReadPrices["ignored"]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of ignored) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

function defaultName(path: string, version: string | null): string {
  const name = basename(path).replace(/\.json$/i, "");
  return version === null ? name : `${name}-${version}`;
}

/** Letters, digits, dots and dashes: the name stands in file names and in price_source, where `+` separates the notes. */
function slug(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  if (plain === "")
    throw new InputError(`${JSON.stringify(name)}: no name for a price list; use letters and digits`);
  return plain.slice(0, 60);
}
