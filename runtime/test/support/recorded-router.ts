import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RandomArtifactOptions, writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";
import { type LoadRouterOptions, loadRouter } from "../../src/artifact/load-router.js";
import type { DecisionRecord } from "../../src/log/decision-record.js";
import { createKernel } from "../../src/model/kernel.js";
import type { Router } from "../../src/router/router.js";

/** A real router of models small, medium and large (which is the strong and the default one), and the records that it logged. */
export interface RecordedRouter {
  router: Router;
  records: DecisionRecord[];
  /** What the model says of each request: "easy" goes to small, "hard" to large. A thrown error is the engine's. */
  script: { says: "easy" | "hard" | "throw" };
}

const said = { easy: [0.9, 0.9, 0, 0, 0], hard: [0.1, 0.1, 1, 1, 0] };

/** Load a router whose model says what the test wants. Golden rows, which must fit the real weights, are replayed before that. */
export async function recordedRouter(
  policy: RandomArtifactOptions["policy"] = {},
  options: Omit<LoadRouterOptions, "engine"> = {},
): Promise<RecordedRouter> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-scripted-"));
  const records: DecisionRecord[] = [];
  const script: RecordedRouter["script"] = { says: "easy" };
  let isLoaded = false;
  try {
    writeRandomArtifact(folder, { hidden: 2, lengthQuantiles: [], policy });
    const router = await loadRouter(folder, {
      decisionLog: (record) => records.push(record),
      ...options,
      engine: ({ model }) => {
        const kernel = createKernel(model);
        return {
          name: "scripted",
          predict: (features) => {
            if (!isLoaded) return kernel.predict(features);
            if (script.says === "throw") throw new Error("planted");
            return {
              probabilities: Float64Array.from(said[script.says]),
              lengthQuantiles: new Float64Array(0),
            };
          },
        };
      },
    });
    isLoaded = true;
    return { router, records, script };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
