import type { DecisionLog } from "../log/decision-log.js";
import { Router } from "../router/router.js";
import type { LoadedArtifact } from "../router/router-options.js";
import { ArtifactHolder } from "./artifact-holder.js";
import type { KillFile } from "./kill-file.js";
import type { LoadBytesOptions } from "./load-bytes-options.js";
import { Reloader } from "./reloader.js";

/** What a host adds to a router. */
interface HostParts {
  log: DecisionLog | null;
  killFile: KillFile | null;
  /** Starts to watch the router's own source; returns what stops it, null when it can't be watched. */
  startWatch: (onChange: () => Promise<unknown>) => (() => void) | null;
}

/** Make a router with its first artifact.
 * @param load loads a source, or without one the router's own
 * @throws what `load` throws, unless `onError` is "default" and `defaultModel` is given */
export async function startRouter<Source>(
  load: (source?: Source) => Promise<LoadedArtifact>,
  options: LoadBytesOptions,
  { log, killFile, startWatch }: HostParts,
): Promise<Router<Source>> {
  const artifacts = new ArtifactHolder();
  const reloader = new Reloader(artifacts, load, options.onReload);
  try {
    artifacts.swap(await load());
  } catch (error) {
    if (options.onError !== "default" || options.defaultModel === undefined) {
      killFile?.close();
      throw error;
    }
    reloader.refuse(error);
  }
  const defaultModel = options.defaultModel ?? null;
  const clock = options.clock ?? (() => new Date());
  const stopWatch = startWatch(() => reloader.reload({ onDemand: false }));
  return new Router({ artifacts, reloader, killFile, stopWatch, defaultModel, log, clock });
}
