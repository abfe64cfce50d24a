import { Router } from "../router/router.js";
import type { LoadedArtifact } from "../router/router-options.js";
import { ArtifactHolder } from "./artifact-holder.js";
import type { Breather } from "./breather.js";

const mostDecisions = 400;
const longestMs = 60;

/** Decide an artifact's golden requests again and again on a router of no consequence, so that the first real decisions find compiled code
 * and a model in the processor's cache. Ends after 400 decisions or 60 ms of work, whichever comes first. */
export async function warmUp(artifact: LoadedArtifact, breathe: Breather): Promise<void> {
  const artifacts = new ArtifactHolder();
  artifacts.swap(withoutMemory(artifact));
  const router = new Router({
    artifacts,
    reloader: null,
    killFile: null,
    stopWatch: null,
    defaultModel: null,
    log: null,
    clock: () => new Date(),
  });
  let worked = 0;
  for (let i = 0; i < mostDecisions && worked < longestMs; i++) {
    const started = performance.now();
    router.decide(artifact.golden[i % artifact.golden.length]!);
    worked += performance.now() - started;
    await breathe();
  }
}

/** Requests that are remembered would warm up nothing. */
function withoutMemory(artifact: LoadedArtifact): LoadedArtifact {
  const { engine } = artifact;
  return { ...artifact, engine: { name: engine.name, predict: (features) => engine.predict(features) } };
}
