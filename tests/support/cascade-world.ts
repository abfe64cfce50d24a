import { createRandom } from "../../datasets/random.js";
import type { ReplayedWorkspace } from "../../pipelines/replay/open-replay.js";
import type { ReplayData } from "../../pipelines/replay/replay-data.js";
import { type ReplayedAttempt, replayData } from "./replay-data.js";
import { routerPolicy } from "./router-policy.js";

/** Models of the planted world, ascending in cost. */
export const cascadeModels = ["small", "large"] as const;

/** A world whose sufficiency is the truth: sessions differ in how hard they are, the router sends what is at least 0.8 sure to the small
 * model, the large one is slower and 20 times as dear. */
export function cascadeWorld(seed: number, sessions = 60): ReplayData {
  const random = createRandom(seed);
  const attempts: ReplayedAttempt[] = [];
  for (let session = 0; session < sessions; session++) {
    const hardness = random.uniform();
    const count = 1 + random.below(5);
    for (let i = 0; i < count; i++) {
      const sufficiency = Math.min(0.99, Math.max(0.05, 1 - hardness * random.uniform()));
      const outputTokens = 20 + random.below(400);
      const usd = [outputTokens * 1e-6, outputTokens * 2e-5];
      const served = random.below(2);
      const ttft = 80 + random.below(100);
      attempts.push({
        session,
        chosen: sufficiency >= 0.8 ? 0 : 1,
        served,
        outputTokens,
        inputTokens: 100,
        usd,
        sufficiency: [sufficiency, 1],
        isStream: random.uniform() < 0.5,
        stakes: random.uniform() < 0.2,
        ttft,
        latency: ttft + outputTokens * (served === 0 ? 2 : 6) * Math.exp(0.3 * random.normal()),
      });
    }
  }
  return replayData(cascadeModels, attempts);
}

/** A replay as a counterfactual gets it, without a workspace behind it: no judge was calibrated there. */
export function replayedWorld(replay: ReplayData, retention = 0.95): ReplayedWorkspace {
  const models = replay.models.map((model) => ({
    ...routerPolicy().models[0]!,
    model,
    input_usd_per_mtok: 1,
    output_usd_per_mtok: 10,
  }));
  return {
    workspace: { path: "/nowhere", salt: "salt" },
    replay,
    policy: routerPolicy({ models, retention_target: retention, strong_model: replay.models.at(-1) ?? "" }),
    manifest: {
      artifact_id: "planted",
      training: { is_simulated: false },
    } as unknown as ReplayedWorkspace["manifest"],
    model: null,
  };
}
