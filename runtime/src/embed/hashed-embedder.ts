import { sha256Hex } from "../hash/sha256.js";
import type { Embedder } from "./embedder.js";
import { forEachGram } from "./embedding-tokens.js";
import { sumTokenVectors } from "./token-vectors.js";

const smallestDim = 64;
const largestDim = 4_096;

/** Texts whose vectors the hash is taken over. */
const probes = [
  "How do I reset my password?",
  "4 days, 9 nights: $1,200.50",
  "naïve ﬁle ＡＢＣ",
  "什么是路由器 こんにちは",
];

/** The embedder without a file: character 3-, 4- and 5-grams of each token, hashed to `dim` signed counts. It knows
 * spelling, not meaning. Texts that share no n-gram have an expected cosine of 0, with a standard deviation of about
 * 1 / sqrt(dim).
 * @param dim a power of two in [64, 4096]
 * @throws {RangeError} on another dim
 * @see Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning */
export function hashedEmbedder(dim = 512): Embedder {
  if (!(dim >= smallestDim && dim <= largestDim && Number.isInteger(Math.log2(dim)))) {
    throw new RangeError(`dim is ${dim}; give a power of two from ${smallestDim} to ${largestDim}`);
  }
  const embed = sumTokenVectors(dim, (token, sum) => {
    forEachGram(token, (hash) => {
      sum[hash & (dim - 1)]! += hash < 0 ? -1 : 1;
    });
  });
  return { id: `hashed-chars-${dim}`, dim, sha256: hashVectors(probes.map(embed)), embed };
}

function hashVectors(vectors: readonly Float32Array[]): string {
  const values = vectors.flatMap((vector) => [...vector]);
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return sha256Hex(new Uint8Array(view.buffer));
}
