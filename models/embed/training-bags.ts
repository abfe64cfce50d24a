import { countTokens, type RowVisitor, tokenWeight } from "@signalbox/runtime";

/** Texts as bags of tokens, and tokens as lists of rows: two levels of compressed sparse rows. */
export interface TrainingBags {
  /** Tokens of text i are at textStarts[i] ... textStarts[i + 1]. */
  textStarts: Int32Array;
  tokens: Int32Array;
  weights: Float32Array;
  /** Rows of token t are at tokenStarts[t] ... tokenStarts[t + 1]; a row may come twice. */
  tokenStarts: Int32Array;
  rows: Int32Array;
}

/** Turn texts into bags, by the tokens and rows that the runtime reads. */
export function makeTrainingBags(texts: readonly string[], visitRows: RowVisitor): TrainingBags {
  const numberOf = new Map<string, number>();
  const textStarts = [0];
  const tokens: number[] = [];
  const weights: number[] = [];
  const tokenStarts = [0];
  const rows: number[] = [];
  for (const text of texts) {
    for (const [token, count] of countTokens(text)) {
      let number = numberOf.get(token);
      if (number === undefined) {
        number = numberOf.size;
        numberOf.set(token, number);
        visitRows(token, (row) => rows.push(row));
        tokenStarts.push(rows.length);
      }
      tokens.push(number);
      weights.push(tokenWeight(count));
    }
    textStarts.push(tokens.length);
  }
  return {
    textStarts: Int32Array.from(textStarts),
    tokens: Int32Array.from(tokens),
    weights: Float32Array.from(weights),
    tokenStarts: Int32Array.from(tokenStarts),
    rows: Int32Array.from(rows),
  };
}

/** Sum the rows of one text, weighted as the runtime does.
 * @param sum is filled; all zeros for a text without tokens */
export function sumRows(bags: TrainingBags, text: number, table: Float32Array, sum: Float32Array): void {
  const dim = sum.length;
  sum.fill(0);
  for (let i = bags.textStarts[text]!; i < bags.textStarts[text + 1]!; i++) {
    const token = bags.tokens[i]!;
    const weight = bags.weights[i]!;
    for (let j = bags.tokenStarts[token]!; j < bags.tokenStarts[token + 1]!; j++) {
      const start = bags.rows[j]! * dim;
      for (let d = 0; d < dim; d++) sum[d]! += weight * table[start + d]!;
    }
  }
}
