import { scaleToUnit } from "./embedder.js";
import { countTokens, tokenWeight } from "./embedding-tokens.js";

/** Tokens whose vectors are kept, and the longest that is: beyond it a token is unlikely to come again. */
const cachedTokens = 8_192;
const cachedTokenUnits = 32;

/** Make the `embed` of an embedder that sums token vectors: each token of the text weighs 1 + ln(count), and the sum is
 * scaled to length 1. Vectors of short tokens are kept between calls, which doesn't change the result.
 * @param addToken adds the vector of a token to `sum` */
export function sumTokenVectors(
  dim: number,
  addToken: (token: string, sum: Float32Array) => void,
): (text: string) => Float32Array {
  const cache = new Map<string, Float32Array>();
  const vectorOf = (token: string): Float32Array => {
    const held = cache.get(token);
    if (held !== undefined) return held;
    const vector = new Float32Array(dim);
    addToken(token, vector);
    if (token.length <= cachedTokenUnits) {
      if (cache.size >= cachedTokens) cache.clear();
      cache.set(token, vector);
    }
    return vector;
  };
  return (text) => {
    const sum = new Float32Array(dim);
    for (const [token, count] of countTokens(text)) {
      const vector = vectorOf(token);
      const weight = tokenWeight(count);
      for (let i = 0; i < dim; i++) sum[i]! += weight * vector[i]!;
    }
    return scaleToUnit(sum);
  };
}
