import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CacheCalibrationResult, CacheLaterPart } from "../../datasets/cache-calibration.js";
import { DataError } from "../../datasets/errors.js";
import { hashFile } from "../../datasets/reader/hash-file.js";
import type { Workspace } from "../../datasets/workspace.js";
import { calibrateCache } from "../../models/cache/calibrate-cache.js";
import { type CacheCalibrateOptions, checkCalibrateOptions, streamDim } from "./calibrate-options.js";
import { calibrationResult } from "./calibration-result.js";
import { embedTexts } from "./embed-texts.js";
import { openCacheEmbedder } from "./open-cache-embedder.js";
import { type RejectedLine, readStream, type StreamCounts } from "./read-stream.js";
import { replayLater } from "./replay-later.js";
import { splitStaged } from "./split-staged.js";
import { stageItems } from "./stage-items.js";
import { storeCalibration } from "./store-calibration.js";
import { streamTracer } from "./stream-items.js";

/** Certify thresholds on the older part of a stream whose right answers are known (`answer_key`), and see what they come to on the
 * later part. Of the older part's keys only as many as `labels` decide what is right; the answers that the log holds, which the
 * features read, are taken from the key too, since a plain stream has no other.
 * @param workspace where results/cache_calibration.json is left, for export; null leaves none
 * @throws {DataError} if no line can be used, or a line has no answer_key */
export async function calibrateStreamCache(
  path: string,
  workspace: Workspace | null,
  options: CacheCalibrateOptions & { onRejected?: (line: RejectedLine) => void },
): Promise<CacheCalibrationResult> {
  checkCalibrateOptions(options);
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "signalbox-cache-"));
  const isBuiltIn = options.embedder === null && options.encoder === null;
  const embedder = await openCacheEmbedder(
    isBuiltIn ? { ...options, dim: options.dim ?? streamDim } : options,
  );
  const staged = await stageItems(folder);
  try {
    const trace = streamTracer();
    const counts = await readStream(path, {
      onItems: (items) => staged.add(items.map(trace)),
      onRejected: options.onRejected,
      onProgress: options.onProgress,
    });
    const parts = await splitStaged(staged, options.calibrationShare);
    requireTruth(path, parts.older);
    const embed = await embedTexts([...parts.older, ...parts.later], embedder, options.onProgress);
    const isDated = (await staged.span()).from !== null;
    const ttlS = isDated ? (options.ttlS ?? Infinity) : Infinity;
    const calibration = await calibrateCache(parts.older, {
      ...options,
      ttlS,
      embed,
      check: ({ item, entry }) => item.truth !== entry.truth,
    });
    const later = await replayLater(parts, calibration, { embed, ttlS });
    const result = calibrationResult(calibration, {
      options: { ...options, ttlS: Number.isFinite(ttlS) ? ttlS : null },
      embedder,
      source: { kind: "stream", path },
      labelsFrom: "answer_key",
      isSimulated: false,
      judgeAcceptsHigh: null,
      maxEntries: parts.older.length,
      later,
      notes: [
        ...notesOn(counts),
        ...parts.notes,
        ...(isDated && ttlS === Infinity ? [foreverNote] : []),
        ...warnOfExact(later, options.alpha),
      ],
    });
    if (workspace !== null) {
      const inputs = [{ path, sha256: await hashFile(path), bytes: statSync(path).size }];
      storeCalibration(workspace, result, { inputs, started });
    }
    return result;
  } finally {
    staged.close();
    await embedder.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

function requireTruth(path: string, items: ReadonlyArray<{ id: string; truth: number }>): void {
  const unknown = items.find(({ truth }) => truth < 0);
  if (unknown === undefined) return;
  throw new DataError(
    `${path}: the request ${JSON.stringify(unknown.id)} has no answer_key, so right and wrong are unknown; ` +
      "ingest the traffic, and judge pairs: signalbox cache pairs plan --workspace DIR",
  );
}

const foreverNote =
  "Entries live for ever: later they are older than any that calibration saw, so answers that change with time may break the promise. Give --ttl-s.";

/** Equal requests that need other answers: no threshold helps there. */
function warnOfExact(later: CacheLaterPart | null, alpha: number): string[] {
  const usr = later?.exact_only_usr;
  if (!usr || usr.low <= alpha) return [];
  return [
    `EQUAL REQUESTS ALONE are answered wrongly in ${(100 * usr.value).toFixed(1)} % of requests, more than alpha: their answers depend on something that ` +
      "the stream doesn't name (tenant, system, history), or change with time (--ttl-s). Don't cache them like this.",
  ];
}

function notesOn({ rejected, duplicates }: StreamCounts): string[] {
  return [
    ...(rejected > 0 ? [`${rejected} lines could not be used.`] : []),
    ...(duplicates > 0 ? [`${duplicates} lines repeat an id and were left out.`] : []),
  ];
}
