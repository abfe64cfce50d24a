import type { SensitivityEnd, SensitivityLine } from "../../datasets/sensitivity-result.js";
import { endsOf } from "./line-ends.js";
import { type RouterSums, savingOf, totalOf, weightedSum } from "./router-sums.js";

/** The saving when another model writes answers of another length, or cuts the same text into another number of tokens. Attempts that
 * stay on the model that answered keep their bill. */
export function lengthLines(sums: RouterSums, n: number): SensitivityLine[] {
  const billed = weightedSum(
    sums.billedOn,
    sums.billedOn.map(() => 1),
  );
  const routed = weightedSum(
    sums.routedOn,
    sums.routedOn.map(() => 1),
  );
  const line = (
    kind: SensitivityLine["kind"],
    changed: Float64Array,
    facts: {
      label: string;
      assumption: string;
      factors: readonly [number, number];
      breakEven: (at: number) => string;
    },
  ): SensitivityLine => {
    const endAt = (factor: number): SensitivityEnd | null => {
      const figure = savingOf(
        billed,
        routed.map((usd, g) => usd + (factor - 1) * changed[g]!),
        "modelled: the same choices, with tokens of moved calls scaled",
        n,
      );
      return figure && { at: `x ${factor}`, figure, remade_saving: null };
    };
    const at = 1 + (totalOf(billed) - totalOf(routed)) / totalOf(changed);
    const isReached = sums.isSplitKnown && at > 0 && at < Number.POSITIVE_INFINITY;
    return {
      kind,
      figure: "saving",
      label: facts.label,
      assumption: facts.assumption,
      evidence: "modelled",
      ...endsOf(
        sums.isSplitKnown ? facts.factors.map(endAt) : [],
        "a model that calls move to has no list price by token kind",
      ),
      break_even: isReached ? { at, text: facts.breakEven(at) } : null,
    };
  };
  return [
    line("output_length", sums.movedOutput, {
      label: "Output length on another model",
      assumption: "a model that takes a call over writes half or twice as many tokens as are logged",
      factors: [0.5, 2],
      breakEven: (at) => `models that take calls over write ${at.toPrecision(3)} times as much`,
    }),
    line("input_tokens", sums.movedInput, {
      label: "Input tokens on another model",
      assumption: "its tokenizer makes 10 % fewer or more tokens of the same input",
      factors: [0.9, 1.1],
      breakEven: (at) =>
        `the tokenizers of models that take calls over make ${at.toPrecision(3)} times as many input tokens`,
    }),
  ];
}
