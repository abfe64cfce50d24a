import { type RandomArtifactOptions, writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";
import { type LoadRouterOptions, loadRouter } from "../../src/artifact/load-router.js";
import type { DecisionRecord } from "../../src/log/decision-record.js";
import { createKernel } from "../../src/model/kernel.js";
import type { Router } from "../../src/router/router.js";

export const middling = [0.1, 0.9, 0, 0, 0];

/** Load a real router whose model says what the test wants, and keep what it records. Golden rows, which must fit the real weights, are
 * replayed first.
 * @param script probabilities of small, medium, difficulty 1, difficulty 2 and stakes for the next decision */
export async function recordingRouter(
  folder: string,
  script: () => number[],
  artifact: RandomArtifactOptions = {},
  options: LoadRouterOptions = {},
): Promise<{ router: Router; records: DecisionRecord[] }> {
  writeRandomArtifact(folder, { hidden: 2, lengthQuantiles: [], ...artifact });
  const records: DecisionRecord[] = [];
  let isLoaded = false;
  const router = await loadRouter(folder, {
    decisionLog: (record) => void records.push(record),
    engine: ({ model }) => {
      const kernel = createKernel(model);
      return {
        name: "scripted",
        predict: (features) =>
          isLoaded
            ? { probabilities: Float64Array.from(script()), lengthQuantiles: new Float64Array(0) }
            : kernel.predict(features),
      };
    },
    ...options,
  });
  isLoaded = true;
  return { router, records };
}
