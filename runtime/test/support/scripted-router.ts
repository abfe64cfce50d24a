import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeRandomArtifact } from "../../../scripts/bench/random-artifact.js";
import type { Policy } from "../../src/artifact/artifact.js";
import { type LoadRouterOptions, loadRouter } from "../../src/artifact/load-router.js";
import { createKernel } from "../../src/model/kernel.js";
import type { Router } from "../../src/router/router.js";

/** What the model of a scripted router says: P(sufficient) of small and medium, then difficulty 1, 2, and stakes. */
export const easy = [0.9, 0.9, 0, 0, 0];
export const hard = [0.1, 0.1, 1, 1, 0];
export const risky = [0.9, 0.9, 0, 0, 1];

/** A router over small, medium and large whose model says what the test wants, and expects 10, 100 or 1,000 output tokens (10 %,
 * 50 %, 90 %). The golden rows, which must fit the real weights, are replayed before that. */
export async function scriptedRouter(
  script: () => number[],
  policy: Partial<Policy> = {},
  options: LoadRouterOptions = {},
): Promise<Router> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-scripted-"));
  let isLoaded = false;
  try {
    writeRandomArtifact(folder, { hidden: 2, lengthQuantiles: [0.1, 0.5, 0.9], policy });
    const router = await loadRouter(folder, {
      ...options,
      engine: ({ model }) => {
        const kernel = createKernel(model);
        return {
          name: "scripted",
          predict: (features) =>
            isLoaded
              ? { probabilities: Float64Array.from(script()), lengthQuantiles }
              : kernel.predict(features),
        };
      },
    });
    isLoaded = true;
    return router;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const lengthQuantiles = Float64Array.from([10, 100, 1_000], Math.log1p);
