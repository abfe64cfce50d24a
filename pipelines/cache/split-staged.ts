import { DataError } from "../../datasets/errors.js";
import type { StagedItems } from "./stage-items.js";
import type { TracedItem } from "./traced-item.js";

/** Staged requests, divided by time. */
export interface StagedParts {
  older: TracedItem[];
  later: TracedItem[];
  notes: string[];
}

/** Requests that a calibration holds in memory at most; of more, the latest. */
const mostItems = 200_000;

/** Divide staged requests by time: the oldest share to calibrate on, the later ones to see what comes of it.
 * @param share of the requests that are calibrated on, in (0, 1]
 * @throws {DataError} if there are too few to divide */
export async function splitStaged(staged: StagedItems, share: number): Promise<StagedParts> {
  const { items } = await staged.span();
  const skipped = Math.max(0, items - mostItems);
  const end = skipped + Math.floor((items - skipped) * share);
  const parts: StagedParts = { older: [], later: [], notes: [] };
  let place = 0;
  for await (const batch of staged.read()) {
    for (const item of batch) {
      if (place >= skipped) (place < end ? parts.older : parts.later).push(item);
      place += 1;
    }
  }
  if (parts.older.length < 2) throw new DataError(`${items} requests are too few to calibrate a cache on`);
  if (skipped > 0) {
    parts.notes.push(
      `Of ${items} requests the latest ${mostItems} were used, the oldest ${skipped} were not.`,
    );
  }
  return parts;
}
