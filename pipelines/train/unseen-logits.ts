import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError, StageError } from "../../datasets/errors.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { type Workspace, writeFileAtomic } from "../../datasets/workspace.js";
import type { FittedRouter } from "../../models/fit-router.js";
import type { TrainingItem } from "./read-training-items.js";

/** What a router says about the labelled items by fits that did not see them. Whatever is fitted on top of the router later
 * has to rest on these: its own logits of items that it was fitted to are too sure of themselves. */
export interface UnseenLogits {
  itemIds: string[];
  /** Per item: whether a score that did not see it calls it out of distribution. */
  isStrange: boolean[];
  /** (items, columns) */
  logits: Float32Array;
  /** Items that the router was fitted to, of which nothing unseen is known. */
  fittedIds: string[];
}

/** Collect them after training.
 * @param flags out-of-distribution flag of each item; null = not known */
export function unseenLogits(
  items: readonly TrainingItem[],
  { heldOut, logits }: FittedRouter,
  flags: ReadonlyArray<boolean | null>,
): UnseenLogits {
  const isHeldOut = new Set(heldOut);
  return {
    itemIds: Array.from(heldOut, (row) => items[row]!.id),
    isStrange: Array.from(heldOut, (row) => flags[row] === true),
    logits,
    fittedIds: items.flatMap(({ id }, row) => (isHeldOut.has(row) ? [] : [id])),
  };
}

/** Write model/unseen.bin (float32, little endian) and model/unseen.json.
 * @param weightsSha256 of the weights that they belong to */
export function writeUnseenLogits(workspace: Workspace, unseen: UnseenLogits, weightsSha256: string): void {
  const { buffer, byteOffset, byteLength } = unseen.logits;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const document: UnseenDocument = {
    schema_version: 1,
    weights_sha256: weightsSha256,
    logits_sha256: createHash("sha256").update(bytes).digest("hex"),
    item_ids: unseen.itemIds,
    strange: unseen.isStrange.flatMap((isStrange, place) => (isStrange ? [place] : [])),
    fitted_ids: unseen.fittedIds,
  };
  writeFileAtomic(pathOf(workspace, "unseen.bin"), bytes);
  writeFileAtomic(pathOf(workspace, "unseen.json"), `${JSON.stringify(document)}\n`);
}

/** Read what {@link writeUnseenLogits} wrote.
 * @throws {StageError} if the router was trained before they were kept
 * @throws {InputError} if the files aren't what was written with the weights */
export function readUnseenLogits(workspace: Workspace): UnseenLogits {
  const path = pathOf(workspace, "unseen.json");
  if (!existsSync(path))
    throw new StageError(`${path}: not there; the router was trained by an older version, ${trainAgain}`);
  const document = readJsonFile<UnseenDocument>(path, trainAgain);
  const model = readJsonFile<{ weights_sha256: string }>(pathOf(workspace, "model.json"), trainAgain);
  const binary = pathOf(workspace, "unseen.bin");
  const bytes = existsSync(binary) ? readFileSync(binary) : Buffer.alloc(0);
  if (
    createHash("sha256").update(bytes).digest("hex") !== document.logits_sha256 ||
    document.weights_sha256 !== model.weights_sha256
  )
    throw new InputError(
      `${binary}: does not belong to the weights that model.json speaks of; ${trainAgain}`,
    );
  const strange = new Set(document.strange);
  return {
    itemIds: document.item_ids,
    isStrange: document.item_ids.map((_, place) => strange.has(place)),
    logits: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)),
    fittedIds: document.fitted_ids,
  };
}

interface UnseenDocument {
  schema_version: 1;
  weights_sha256: string;
  logits_sha256: string;
  item_ids: string[];
  /** Places of the items that are out of distribution. */
  strange: number[];
  fitted_ids: string[];
}

const trainAgain = "run it again: signalbox train";

function pathOf(workspace: Workspace, name: string): string {
  return join(workspace.path, "model", name);
}
