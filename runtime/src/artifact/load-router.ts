import { type KillFile, watchKillFiles } from "../life/kill-file.js";
import type { LoadBytesOptions } from "../life/load-bytes-options.js";
import { type Schedule, scheduleInterval } from "../life/schedule.js";
import { startRouter } from "../life/start-router.js";
import { prepareWatch } from "../life/watch-folder.js";
import type { DecisionSink } from "../log/decision-log.js";
import { openLineLog } from "../log/file-log.js";
import type { Router } from "../router/router.js";
import type { ArtifactBytes } from "./artifact-source.js";
import { openBytes } from "./bytes-source.js";
import { openFolder } from "./folder-source.js";
import { loadAndWarm, signatureCheck } from "./load-router-bytes.js";
import { verifyByNode } from "./verify-node.js";

/** What a router is loaded from: an artifact's folder, a folder of artifacts whose latest.json names one, or bytes. */
export type RouterSource = string | ArtifactBytes;

/** How to load an artifact, and what to do when it can't be used. */
export interface LoadRouterOptions extends Omit<LoadBytesOptions, "decisionLog"> {
  /** JSONL file or function that `router.record` writes to; nothing is logged when absent. */
  decisionLog?: string | DecisionSink;
  /** Whether to watch the folder and swap in what changes there: by the file system's events and a look every 5 s, or by looking only
   * ("poll"). Default false. */
  watch?: boolean | "poll";
  /** While a file is there, every request goes to the default model (`disabled:file`); looked for every second, beside the one that
   * SIGNALBOX_KILL_FILE names. */
  killSwitchFile?: string;
  /** What runs the looks at the folder and the kill file; timers when absent. */
  schedule?: Schedule;
}

const lookEveryMs = 5_000;

/** Load an artifact and check it whole: format version, SHA-256 of every file, featuriser, graph, its golden rows replayed, and its
 * signature where one is demanded. A router that loads is one that decides as it did at export.
 * @param source bytes must not be changed afterwards
 * @throws {ArtifactError} when the artifact can't be used, unless `onError` is "default" and `defaultModel` is given
 * @throws {TypeError} on a `verify` that is no key */
export async function loadRouter(
  source: RouterSource,
  options: LoadRouterOptions = {},
): Promise<Router<RouterSource>> {
  const { decisionLog, ...rest } = options;
  const { schedule = scheduleInterval, watch = false } = options;
  const signature = signatureCheck(options.verify, verifyByNode);
  const log = decisionLog === undefined ? null : openLineLog(decisionLog);
  const startWatch = watch !== false && typeof source === "string" ? await prepareWatch(source) : null;
  const killFile = await openKillFile(options.killSwitchFile, schedule);
  const load = (given: RouterSource = source) => loadAndWarm(() => open(given), rest, signature);
  const usesEvents = watch !== "poll";
  return startRouter(load, rest, {
    log,
    killFile,
    startWatch: (onChange) => startWatch?.({ onChange, schedule, everyMs: lookEveryMs, usesEvents }) ?? null,
  });
}

async function open(source: RouterSource) {
  return typeof source === "string" ? openFolder(source) : openBytes(source);
}

async function openKillFile(option: string | undefined, schedule: Schedule): Promise<KillFile> {
  const paths = [option, process.env.SIGNALBOX_KILL_FILE].filter((path) => path !== undefined && path !== "");
  return watchKillFiles(paths as string[], schedule);
}
