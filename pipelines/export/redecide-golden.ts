import {
  chooseModel,
  clampDense,
  compilePolicy,
  createKernel,
  decodeOnnx,
  featurise,
  type GoldenRow,
  type Head,
  type Policy,
  readRequest,
} from "@signalbox/runtime";

/** Decide golden rows anew under another policy for the same model. Only what follows from the policy is replaced: ids, weights,
 * probabilities and lengths stay as they were exported.
 * @returns the rows, and how many of them go to another model than before */
export function redecideGolden(
  rows: readonly GoldenRow[],
  {
    onnx,
    heads,
    lengthQuantiles: levels,
    policy,
  }: { onnx: Uint8Array; heads: readonly Head[]; lengthQuantiles: readonly number[]; policy: Policy },
): { rows: GoldenRow[]; moved: number } {
  const kernel = createKernel(decodeOnnx(onnx));
  const compiled = compilePolicy(policy, heads, levels);
  const decided = rows.map((row) => {
    const features = featurise(row.request);
    const { probabilities, lengthQuantiles } = kernel.predict(clampDense(policy, features));
    const { model, ood } = chooseModel(compiled, {
      read: readRequest(row.request),
      features,
      probabilities,
      lengthQuantiles,
    });
    return row.ood === undefined ? { ...row, model } : { ...row, model, ood };
  });
  return { rows: decided, moved: decided.filter(({ model }, i) => model !== rows[i]!.model).length };
}
