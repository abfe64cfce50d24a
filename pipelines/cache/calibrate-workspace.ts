import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CacheCalibrationResult } from "../../datasets/cache-calibration.js";
import { cacheCandidates } from "../../datasets/cache-candidates.js";
import { cachePairs } from "../../datasets/cache-pairs.js";
import type { CacheReplayResult } from "../../datasets/cache-result.js";
import { InputError, StageError } from "../../datasets/errors.js";
import { storedFiles } from "../../datasets/stored-files.js";
import { readResult, requireManifest, type Workspace } from "../../datasets/workspace.js";
import type { CacheCalibration } from "../../models/cache/calibrate-cache.js";
import { calibratePairs } from "../../models/cache/calibrate-pairs.js";
import { groupAnswers } from "../../models/cache/group-answers.js";
import { type CacheCalibrateOptions, checkCalibrateOptions } from "./calibrate-options.js";
import { calibrationResult } from "./calibration-result.js";
import { candidateSpan } from "./candidate-span.js";
import { embedTexts } from "./embed-texts.js";
import { type CacheEmbedder, openCacheEmbedder } from "./open-cache-embedder.js";
import { type CachePairs, readCachePairs } from "./pairs/read-cache-pairs.js";
import { readReplayedOffers } from "./read-replayed-offers.js";
import { replayLater } from "./replay-later.js";
import { type StagedParts, splitStaged } from "./split-staged.js";
import { stageItems } from "./stage-items.js";
import { stageWorkspace } from "./stage-workspace.js";
import { storeCalibration } from "./store-calibration.js";

/** Certify thresholds from a workspace's judged pairs, and see what they would serve of the traffic after those.
 * @throws {StageError} if there is no replay, no pairs, or pairs of another replay
 * @throws {InputError} if the embedder is another than the replay's */
export async function calibrateWorkspaceCache(
  workspace: Workspace,
  options: CacheCalibrateOptions,
): Promise<CacheCalibrationResult> {
  checkCalibrateOptions(options);
  const started = performance.now();
  const next = `signalbox cache replay --workspace ${workspace.path}`;
  requireManifest(workspace, "cache-replay", next);
  const replay = readResult<CacheReplayResult>(workspace, "cache_replay");
  if (replay === null)
    throw new StageError(`${workspace.path}: results/cache_replay.json is gone; run again: ${next}`);
  const labelled = await readCachePairs(workspace);
  if (!labelled.isOfThisReplay) {
    throw new StageError(
      `${workspace.path}: the pairs were drawn from another replay than the latest; judge again: signalbox cache pairs judge`,
    );
  }
  const embedder = await openCacheEmbedder(withDim(options, replay.embedder.dim));
  try {
    if (embedder.sha256 !== replay.embedder.sha256) {
      throw new InputError(
        `the replay's embedder is ${replay.embedder.id}, not ${embedder.id}; give the same --embedder or --encoder`,
      );
    }
    const { judgeError, result: pairs } = labelled;
    const isJudged = labelled.pairs.some(({ source }) => source === "judge");
    const isChecked = isJudged && judgeError.differentByHuman > 0;
    const calibration = await calibratePairs(await readReplayedOffers(workspace, labelled.pairs), {
      ...options,
      floorCosine: pairs.judged?.floor ?? -1,
      acceptErrorHigh: isChecked ? judgeError.phiHigh : undefined,
    });
    const { later, maxEntries } = await replayAfter(workspace, { replay, calibration, embedder, options });
    const result = calibrationResult(calibration, {
      options: { ...options, ttlS: replay.settings.ttl_s },
      embedder,
      source: { kind: "workspace", path: null },
      labelsFrom: "pairs",
      isSimulated: pairs.is_simulated,
      judgeAcceptsHigh: isChecked ? judgeError.phiHigh(0.95) : null,
      maxEntries,
      later,
      notes: notesOn(labelled, isJudged && !isChecked),
    });
    const inputs = [
      ...(await storedFiles(workspace, cacheCandidates)),
      ...(await storedFiles(workspace, cachePairs)),
    ];
    storeCalibration(workspace, result, { inputs, started });
    return result;
  } finally {
    await embedder.release();
  }
}

/** The built-in embedder as the replay had it, where no other is named. */
function withDim(options: CacheCalibrateOptions, dim: number): CacheCalibrateOptions {
  const isBuiltIn = options.embedder === null && options.encoder === null;
  return isBuiltIn && options.dim === undefined ? { ...options, dim } : options;
}

/** The calibrated cache on the traffic after the candidates. */
async function replayAfter(
  workspace: Workspace,
  {
    replay,
    calibration,
    embedder,
    options,
  }: {
    replay: CacheReplayResult;
    calibration: CacheCalibration;
    embedder: CacheEmbedder;
    options: CacheCalibrateOptions;
  },
) {
  mkdirSync(join(workspace.path, "tmp"), { recursive: true });
  const folder = mkdtempSync(join(workspace.path, "tmp", "cache-"));
  const staged = await stageItems(folder);
  try {
    const answers = groupAnswers({
      minCosine: replay.settings.min_answer_cosine,
      embed: embedder.embedOne ?? undefined,
    });
    const { onProgress } = options;
    const { items } = await stageWorkspace(workspace, staged, { answers, countTokens: null, onProgress });
    const parts: StagedParts = await splitStaged(staged, candidateSpan(items).to / items);
    const embed = await embedTexts([...parts.older, ...parts.later], embedder, onProgress);
    const ttlS = replay.settings.ttl_s ?? Number.POSITIVE_INFINITY;
    return {
      later: await replayLater(parts, calibration, { embed, ttlS }),
      maxEntries: parts.older.length,
    };
  } finally {
    staged.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function notesOn({ pairs }: CachePairs, isUnchecked: boolean): string[] {
  const notes = ["Exact hits are not judged: the promise speaks of the semantic tier's wrong hits."];
  if (isUnchecked) {
    notes.push(
      "The judge's false accepts are taken to be none: import human verdicts of some pairs to measure them (signalbox cache pairs import).",
    );
  }
  if (pairs.some(({ is_simulated }) => is_simulated))
    notes.push("Labels are a SIMULATION's: for demonstration only.");
  return notes;
}
