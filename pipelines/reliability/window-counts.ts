import type { ReplayData } from "../replay/replay-data.js";
import type { GroupedAttempts } from "./group-attempts.js";
import { timeWindows } from "./time-windows.js";

/** First attempts and their failures by window of time and model, place window * models + model. */
export interface WindowTable {
  windowOf: Int32Array;
  attempts: Int32Array;
  failures: Int32Array;
}

/** Count first attempts outside batch jobs: each says what any request would have met at that time. Later attempts are left out, because
 * they are made when things go wrong. */
export function windowCounts(
  replay: ReplayData,
  { order, starts, requests }: GroupedAttempts,
  minutes: number,
): WindowTable {
  const models = replay.models.length;
  const { windowOf, windows } = timeWindows(replay.createdAt, minutes);
  const attempts = new Int32Array(windows * models);
  const failures = new Int32Array(windows * models);
  for (let l = 0; l < requests; l++) {
    const row = order[starts[l]!]!;
    if (starts[l] === starts[l + 1] || replay.isBatch[row] === 1 || replay.served[row]! < 0) continue;
    const place = windowOf[row]! * models + replay.served[row]!;
    attempts[place]! += 1;
    failures[place]! += 1 - replay.isSuccess[row]!;
  }
  return { windowOf, attempts, failures };
}
