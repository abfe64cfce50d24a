import { createKernel, decodeOnnx, FEATURISER, featurise } from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { type Calibration, calibratedProbability } from "../../models/calibration/calibration.js";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { extendRouter } from "../../models/extend-router.js";
import { type NewColumn, newColumnLogits } from "../../models/new-column.js";
import { encodeOnnx } from "../../models/onnx/encode-onnx.js";
import { qualityColumns } from "../../models/quality-columns.js";
import { headProbabilities, routerLogits } from "../../models/router-logits.js";
import type { ScoreTerm } from "../../models/router-targets.js";
import type { RouterWeights } from "../../models/router-weights.js";

const columns = 3;
const { buckets } = FEATURISER;
const features = FEATURISER.denseNames.length;
const requests = ["", "Prove it.", "Please spell my letter", "x = 1;\ny = 2;", "翻译这张发票"].map(
  (prompt) => ({
    prompt,
  }),
);

/** Random tables; small's head is the gain over the strong model in column 0, the length is column 2. */
function randomRouter(hidden: number, knots: number): RouterWeights {
  const random = createRandom(hidden + knots + 1);
  const fill = (size: number) => Float32Array.from({ length: size }, () => 0.3 * random.normal());
  return {
    heads: [{ kind: "sufficiency", model: "small" }],
    lengthQuantiles: [0.5],
    featuriser: { version: FEATURISER.version, hash: FEATURISER.hash },
    buckets,
    denseFeatures: features,
    hidden,
    wideTable: fill(buckets * columns),
    denseWide: fill(features * columns),
    bias: fill(columns),
    deepTable: fill(buckets * hidden),
    denseDeep: fill(features * hidden),
    deepBias: fill(hidden),
    deepOut: fill(hidden * columns),
    mix: Float32Array.of(...[0, 0], ...[0, 0], ...[0, 1], ...[-2, 0], ...[2, 0], ...[0, 0]),
    shift: fill(2),
    knots: fill(2 * knots),
    bends: fill(2 * knots),
  };
}

function randomColumn(): NewColumn {
  const random = createRandom(9);
  const fill = (size: number) => Float32Array.from({ length: size }, () => 0.3 * random.normal());
  return {
    factors: Float64Array.of(0.4, 0.5, -0.1),
    own: { columns: 1, wideTable: fill(buckets), denseWide: fill(features), bias: fill(1) },
  };
}

const none = new Float64Array(0);
const platt: Calibration = { method: "platt", scale: 0.7, shift: 0.2, knots: none, bends: none };
const bent: Calibration = {
  method: "isotonic",
  scale: 0.7,
  shift: 0.2,
  knots: Float64Array.of(-0.5, 0, 0.5),
  bends: Float64Array.of(0.5, -0.6, 0.3),
};
const terms: ScoreTerm[] = [
  { column: columns, of: "probability", factor: 4 },
  { column: 0, of: "probability", factor: -4 },
];

describe.each<[string, number, number, Calibration]>([
  ["linear router", 0, 0, platt],
  ["deep router", 4, 0, platt],
  ["deep router, the new head the first with bends", 4, 0, bent],
  ["deep router with bends, the new head without", 4, 2, platt],
  ["deep router with fewer bends than the new head", 4, 2, bent],
])("a %s that gets a model", (_, hidden, knots, calibration) => {
  const before = randomRouter(hidden, knots);
  const column = randomColumn();
  const head = { head: { kind: "sufficiency" as const, model: "new" }, terms, calibration };
  const engine = (weights: RouterWeights) => createKernel(decodeOnnx(encodeOnnx(weights), "model.onnx"));

  test.each([0, 1])("at place %i says of the others what it said, bit for bit", (place) => {
    const after = extendRouter(before, column, { ...head, place });
    const [was, is] = [engine(before), engine(after)];
    for (const request of requests) {
      const old = was.predict(featurise(request));
      const now = is.predict(featurise(request));
      expect(now.probabilities[1 - place]).toBe(old.probabilities[0]);
      expect(now.lengthQuantiles).toEqual(old.lengthQuantiles);
    }
  });

  test("says of the new one what its logit, terms and calibration make", () => {
    const after = extendRouter(before, column, { ...head, place: 0 });
    const matrix = featureMatrix(requests);
    const old = routerLogits(before, matrix);
    const fresh = newColumnLogits(column, old, matrix);
    const kernel = engine(after);
    const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
    requests.forEach((request, row) => {
      const score = 4 * (sigmoid(fresh[row]!) - sigmoid(old[row * columns]!));
      const expected = calibratedProbability(score, calibration);
      expect(kernel.predict(featurise(request)).probabilities[0]).toBeCloseTo(expected, 5);
    });
  });

  test("its logits make in training code what the kernel says", () => {
    const after = extendRouter(before, column, { ...head, place: 1 });
    const matrix = featureMatrix(requests);
    const probabilities = headProbabilities(after, routerLogits(after, matrix));
    const kernel = engine(after);
    requests.forEach((request, row) => {
      kernel.predict(featurise(request)).probabilities.forEach((p, h) => {
        expect(probabilities[h]![row]).toBeCloseTo(p, 5);
      });
    });
  });

  test("knows which of its logits are of quality", () => {
    expect(qualityColumns(before)).toEqual({ all: [0, 1], strong: 0 });
    const after = extendRouter(before, column, { ...head, place: 0 });
    expect(qualityColumns(after)).toEqual({ all: [0, 1, 3], strong: 0 });
  });
});

test("a head that is one logit has no strong model's beside it", () => {
  const alone = { ...randomRouter(0, 0), mix: new Float32Array(12) };
  alone.mix[2] = 1;
  expect(qualityColumns(alone)).toEqual({ all: [1], strong: null });
});
