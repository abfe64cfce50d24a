import { createHash } from "node:crypto";
import { createKernel, decodeOnnx, featurise, type RouteRequest } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import { composePrompt } from "../../datasets/synthetic/compose-prompt.js";
import { truthOfRecipe } from "../../datasets/synthetic/prompt-truth.js";
import { syntheticModels } from "../../datasets/synthetic/synthetic-models.js";
import { Family } from "../../datasets/synthetic/task-families.js";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { predictTfjs } from "../../models/classifier/predict-tfjs.js";
import { startTfjs } from "../../models/classifier/tfjs.js";
import { fitRouter } from "../../models/fit-router.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { openOnnxSession } from "../../models/onnx/onnx-session.js";
import { planSplit } from "../../models/plan-split.js";
import { groupRows } from "../../models/split.js";
import type { ModelChoice } from "../../pipelines/train/choose-models.js";
import { headTargets } from "../../pipelines/train/head-targets.js";
import type { TrainingItem } from "../../pipelines/train/read-training-items.js";

// One training in a process of its own, so that its peak memory is its own: node bench-train-run.js ROWS
const rows = Number(process.argv[2]);
const items = syntheticItems(rows);
const started = performance.now();
const matrix = featureMatrix(items.map(({ request }) => request));
const groups = groupRows(
  items.map(({ sessionId }) => sessionId),
  items.map(({ text }) => text),
);
const plan = planSplit(
  groups,
  items.map(() => null),
  1,
);
const { weights } = await fitRouter(matrix, headTargets(items, syntheticChoice()), groups, plan, { seed: 1 });
const seconds = (performance.now() - started) / 1000;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const onnx = encodeOnnx(weights);
process.stdout.write(
  `${JSON.stringify({
    seconds,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    rssMb: maxRSS / 1024,
    gramsPerRow: matrix.ids.length / rows,
    outputs: weights.heads.length + weights.lengthQuantiles.length,
    hidden: weights.hidden,
    backend: await startTfjs(),
    sha256: createHash("sha256").update(onnx).digest("hex"),
    parity: await largestDifference(onnx),
  })}\n`,
);

/** Labelled requests with every kind of target. Three tasks are pasted together: real prompts are about that long. */
function syntheticItems(count: number): TrainingItem[] {
  const random = createRandom(7);
  const [strong, weak] = pickModels();
  return Array.from({ length: count }, (_, i): TrainingItem => {
    const recipes = [0, 1, 2].map(() => composePrompt(random, random.pick(Object.values(Family))));
    const truths = recipes.map((recipe) => truthOfRecipe(recipe, i));
    const text = recipes.map((recipe) => recipe.text).join("\n\n");
    const tier = Math.max(...recipes.map(({ difficulty }) => difficulty));
    const qualityOf = (model: string) => Number(truths.every(({ isAdequate }) => isAdequate[model]));
    const length = Math.round(Math.exp(3 + tier + 0.5 * random.normal()));
    return {
      id: String(i),
      request: { messages: [{ role: "user", content: text }] },
      text,
      group: null,
      sessionId: `session-${Math.floor(i / 2)}`,
      createdAt: null,
      weight: 1,
      tier,
      isStakes: recipes.some(({ isStakes }) => isStakes),
      outcomes: new Map(
        [strong, weak].map((model) => [
          model,
          { quality: qualityOf(model), costUsd: 1, outputTokens: length, isJudged: false },
        ]),
      ),
    };
  });
}

/** The best and a middling model of the synthetic world. */
function pickModels(): [strong: string, weak: string] {
  const ranked = [...syntheticModels].sort((a, b) => b.skill[2] - a.skill[2]);
  return [ranked[0]!.name, ranked[Math.floor(ranked.length / 2)]!.name];
}

function syntheticChoice(): ModelChoice {
  const facts = (model: string) => ({ model, meanQuality: 1, meanCostUsd: 1, costSource: "given" as const });
  const [strong, weak] = pickModels();
  return { strong: facts(strong), candidates: [facts(weak)], excluded: [] };
}

/** Largest difference of any output between TensorFlow.js, onnxruntime and the kernel on 500 of the requests. */
async function largestDifference(bytes: Uint8Array): Promise<number> {
  const requests: RouteRequest[] = items.slice(0, 500).map(({ request }) => request);
  const features = requests.map((request) => featurise(request));
  const session = await openOnnxSession(bytes);
  const reference = await session.run(features);
  await session.release();
  const tfjs = await predictTfjs(weights, features);
  const kernel = createKernel(decodeOnnx(bytes));
  let largest = 0;
  features.forEach((vector, i) => {
    const mine = kernel.predict(vector);
    const compare = (a: ArrayLike<number>, b: ArrayLike<number>) => {
      for (let k = 0; k < a.length; k++) largest = Math.max(largest, Math.abs(a[k]! - b[k]!));
    };
    compare(mine.probabilities, reference.probabilities[i]!);
    compare(mine.probabilities, tfjs[i]!.probabilities);
    compare(mine.lengthQuantiles, reference.lengthQuantiles[i]!);
    compare(mine.lengthQuantiles, tfjs[i]!.lengthQuantiles);
  });
  return largest;
}
