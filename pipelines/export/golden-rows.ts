import {
  chooseModel,
  clampDense,
  compilePolicy,
  createKernel,
  decodeOnnx,
  featurise,
  type GoldenRow,
  type Policy,
  readRequest,
} from "@signalbox/runtime";
import { predictTfjs } from "../../models/classifier/predict-tfjs.js";
import { openOnnxSession } from "../../models/onnx/onnx-session.js";
import type { RouterWeights } from "../../models/router-weights.js";
import { goldenRequests } from "./golden-requests.js";

/** Decide the golden requests with all three engines.
 * @returns the rows as the kernel decides them, and the largest difference of any two engines, probabilities in [0, 1] and
 *   length quantiles alike */
export async function goldenRows(
  weights: RouterWeights,
  onnx: Uint8Array,
  policy: Policy,
): Promise<{ rows: GoldenRow[]; maxDiff: number }> {
  const requests = goldenRequests();
  const features = requests.map((request) => featurise(request));
  const kernel = createKernel(decodeOnnx(onnx, "model.onnx"));
  const compiled = compilePolicy(policy, weights.heads, weights.lengthQuantiles);
  const clamped = features.map((vector) => clampDense(policy, vector));
  const byKernel = clamped.map((vector) => {
    const { probabilities, lengthQuantiles } = kernel.predict(vector);
    return { probabilities: [...probabilities], lengthQuantiles: [...lengthQuantiles] };
  });
  const session = await openOnnxSession(onnx);
  const byOrt = await session.run(clamped);
  await session.release();
  const byTfjs = await predictTfjs(weights, clamped);
  let maxDiff = 0;
  byKernel.forEach((prediction, row) => {
    const mine = [...prediction.probabilities, ...prediction.lengthQuantiles];
    const ort = [...byOrt.probabilities[row]!, ...byOrt.lengthQuantiles[row]!];
    const tfjs = [...byTfjs[row]!.probabilities, ...byTfjs[row]!.lengthQuantiles];
    maxDiff = Math.max(maxDiff, spread(mine, ort), spread(mine, tfjs), spread(ort, tfjs));
  });
  const rows = requests.map((request, i): GoldenRow => {
    const { ids, weights: idWeights, dense } = features[i]!;
    const { probabilities, lengthQuantiles } = byKernel[i]!;
    const read = readRequest(request);
    const input = { read, features: features[i]!, probabilities, lengthQuantiles };
    const { model, ood } = chooseModel(compiled, input);
    return {
      request,
      ids: [...ids],
      weights: [...idWeights],
      dense: [...dense],
      probabilities,
      length_quantiles: lengthQuantiles,
      ood,
      model,
    };
  });
  return { rows, maxDiff };
}

/** Largest difference, relative for values above 1; NaN counts as infinite. */
function spread(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((largest, value, i) => {
    const difference = Math.abs(value - b[i]!) / Math.max(1, Math.abs(value));
    return Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }, 0);
}
