import { createKernel, type Engine, type EngineFactory, type FeatureVector } from "@signalbox/runtime";

/** The built-in kernel that also scores a request by another strategy, from the features that the router made anyway: featurising is most
 * of a decision's work. The score stands behind the heads' probabilities, where no policy reads. */
export interface ScoringEngine {
  factory: EngineFactory;
  /** From now on predictions carry the score. Call it once the router is loaded: its checks know nothing of scores. */
  begin(): void;
  /** The score of a decision; NaN when the model didn't run. */
  scoreOf(probabilities: readonly number[]): number;
}

/** @param score of a request's features */
export function scoringEngine(score: (features: FeatureVector) => number): ScoringEngine {
  let isScoring = false;
  let heads = 0;
  const factory: EngineFactory = ({ model }) => {
    const kernel = createKernel(model);
    const engine: Engine = {
      name: kernel.name,
      ...(kernel.isDeterministic === true ? { isDeterministic: true as const } : {}),
      predict: (features) => {
        const prediction = kernel.predict(features);
        if (!isScoring) return prediction;
        heads = prediction.probabilities.length;
        const probabilities = new Float64Array(heads + 1);
        probabilities.set(prediction.probabilities);
        const scored = score(features);
        probabilities[heads] = Number.isFinite(scored) ? scored : 0;
        return { ...prediction, probabilities };
      },
    };
    return engine;
  };
  return {
    factory,
    begin: () => {
      isScoring = true;
    },
    scoreOf: (probabilities) => (heads === 0 ? Number.NaN : (probabilities[heads] ?? Number.NaN)),
  };
}
