import type { FrontierResult } from "../../datasets/frontier-result.js";
import { createRandom } from "../../datasets/random.js";
import type { SensitivityResult } from "../../datasets/sensitivity-result.js";
import { frontierOf } from "../../pipelines/frontier/frontier.js";
import { sensitivityOf } from "../../pipelines/sensitivity/sensitivity.js";
import { replayData } from "../support/replay-data.js";
import { routerPolicy } from "../support/router-policy.js";

/** results/frontier.json of a planted log of 600 calls, two apps and three models, as it is read back. */
export function frontierDocument(): FrontierResult {
  return readBack(frontierOf(plantedReplay(), { ...facts, maxP95Ms: 2500 }));
}

/** results/sensitivity.json of the same log. */
export function sensitivityDocument(): SensitivityResult {
  return readBack(sensitivityOf(plantedReplay(), { ...facts, judge: null }));
}

const facts = { policy: routerPolicy(), artifactId: "20250701-0a1b2c3d", isSimulated: false };

function plantedReplay() {
  const random = createRandom(11);
  const attempts = Array.from({ length: 600 }, (_, row) => {
    const easy = random.uniform();
    const sufficiency = [0.4 + 0.6 * easy, 0.7 + 0.3 * easy, 1];
    const size = 0.5 + random.uniform();
    return {
      session: Math.floor(row / 3),
      createdAt: (Date.UTC(2025, 5, 1) + row * 4_000_000) * 1000,
      isReplayed: row % 20 !== 0,
      served: row % 5 === 0 ? 1 : 2,
      chosen: sufficiency.findIndex((value, m) => m === 2 || value >= 0.7),
      app: row % 3 === 0 ? "support-bot" : "code-review",
      tier: row % 3,
      usd: [0.01 * size, 0.1 * size, size],
      sufficiency,
      latency: (row % 5 === 0 ? 700 : 1500) * (0.5 + random.uniform()),
    };
  });
  return replayData(["small", "medium", "large"], attempts);
}

function readBack<T>(document: T): T {
  return JSON.parse(JSON.stringify(document)) as T;
}
