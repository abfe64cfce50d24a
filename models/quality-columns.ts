import { outputCount, type RouterWeights } from "./router-weights.js";

/** Which logits of a router speak of models' quality. */
export interface QualityColumns {
  /** Ascending; the strong model's is among them where it has one. */
  all: number[];
  /** Null where the strong model's quality never varied, so that no logit was fitted to it. */
  strong: number | null;
}

/** Find the quality logits by what the sufficiency heads are mixed from: a candidate's quality counts for its head, the strong
 * model's counts against it. */
export function qualityColumns(weights: RouterWeights): QualityColumns {
  const { heads, mix } = weights;
  const columns = weights.bias.length;
  const outputs = outputCount(weights);
  const sufficiency = [...heads.keys()].filter((head) => heads[head]!.kind === "sufficiency");
  const factor = (row: number, head: number) => mix[row * outputs + head]!;
  const numbers = Array.from({ length: columns }, (_, column) => column);
  return {
    all: numbers.filter((column) =>
      sufficiency.some((head) => factor(column, head) !== 0 || factor(columns + column, head) !== 0),
    ),
    strong: numbers.find((column) => sufficiency.some((head) => factor(columns + column, head) < 0)) ?? null,
  };
}
