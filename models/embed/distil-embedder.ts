import { createRowVisitor } from "@signalbox/runtime";
import { DataError, InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { createRandom } from "../../datasets/random.js";
import { countVocabulary, type VocabularyWord } from "./count-vocabulary.js";
import { encodeStaticEmbedder } from "./encode-static-embedder.js";
import { fitRows } from "./fit-rows.js";
import type { Teacher } from "./open-teacher.js";
import { findPrincipalDirections, projectVectors } from "./principal-directions.js";
import { makeTrainingBags, sumRows, type TrainingBags } from "./training-bags.js";

/** Size and course of a distillation. */
export interface DistilOptions {
  /** Length of the vectors; at most the teacher's. */
  dim: number;
  /** Most words with a row of their own. */
  words: number;
  /** Rows of hashed n-grams: a power of two. */
  buckets: number;
  epochs: number;
  /** Most texts that are learnt from; of more, a seeded sample is. */
  maxTexts: number;
  seed: number;
  onProgress?: Progress;
}

/** Usual sizes: 20,000 words and 16,384 buckets of 128 int8 make 4.9 MB. */
export const distilDefaults = {
  dim: 128,
  words: 20_000,
  buckets: 16_384,
  epochs: 6,
  maxTexts: 20_000,
} as const;

/** A distilled embedder and how close it came. */
export interface Distilled {
  /** The embedder file. */
  bytes: Uint8Array;
  /** Distinct texts learnt from. */
  texts: number;
  words: number;
  /** Texts kept from training to measure `heldOutCosine`. */
  heldOutTexts: number;
  /** Mean cosine between the student's and the teacher's (projected) vectors of texts that training never saw. */
  heldOutCosine: number;
  /** The same before training, from word vectors alone. */
  untrainedCosine: number;
  /** Share of the teacher's squared length that the projection to `dim` keeps, on the same texts. */
  keptEnergy: number;
}

/** What is read of a text, in UTF-16 units: a teacher costs by the token, and most of what a prompt asks is at its start. */
const readUnits = 400;
/** Fewer distinct texts can't teach rows. */
const fewestTexts = 50;
const heldOutShare = 0.02;
const learningRate = 0.02;
/** SIF's a: words more frequent than this share weigh less than half. */
const sifShare = 1e-3;
/** Expected length of an n-gram row at the start; a word row's is at most 1. */
const gramSpread = 0.1;

/** Distil a sentence encoder into a static table: rows for words and hashed n-grams whose weighted sum points where the
 * teacher's vector does. Word rows start as the teacher's own word vectors, projected and weighted by SIF; then all rows are
 * fitted to the teacher's vectors of whole texts. The same texts, teacher and seed give the same bytes.
 * @param texts duplicates and blank ones are left out; only the first 400 units of each are read
 * @throws {DataError} if fewer than 50 distinct texts are left
 * @throws {InputError} if dim is above the teacher's
 * @see Tulkens and van Dongen 2024, Model2Vec; Arora et al. 2017, A simple but tough-to-beat baseline for sentence embeddings (SIF) */
export async function distilEmbedder(
  texts: readonly string[],
  teacher: Teacher,
  options: DistilOptions,
): Promise<Distilled> {
  const { dim, buckets, epochs, seed, onProgress } = options;
  if (dim > teacher.dim) {
    throw new InputError(`dim is ${dim}, but the teacher's vectors have ${teacher.dim}; give at most that`);
  }
  const { learnt, heldOut } = splitTexts(texts, options);
  const vocabulary = countVocabulary(learnt, teacher.words, options.words);
  const words = vocabulary.map(({ word }) => word);
  const samples = [...words, ...learnt, ...heldOut];
  const taught = await teacher.embed(samples, onProgress);
  const heldOutFrom = samples.length - heldOut.length;
  const directions = await findPrincipalDirections(taught.slice(words.length, heldOutFrom), dim, seed);
  const targets = await projectVectors(taught, directions);
  const bags = makeTrainingBags(samples, createRowVisitor(words, buckets));

  const table = initialTable(vocabulary, targets, { dim, buckets, seed });
  const untrainedCosine = meanCosine(table, bags, targets, { dim, from: heldOutFrom });
  fitRows(table, withoutLast(bags, heldOut.length), { targets, dim, epochs, learningRate, seed, onProgress });
  const heldOutCosine = meanCosine(table, bags, targets, { dim, from: heldOutFrom });

  const training = { texts: learnt.length, epochs, seed, held_out_cosine: heldOutCosine };
  const { id, sha256, dim: teacherDim, licence } = teacher;
  const bytes = encodeStaticEmbedder(
    { words, buckets, dim, table },
    {
      id: `static-${dim}`,
      teacher: { id, sha256, dim: teacherDim, licence },
      notice: `Distilled from ${id}, licence: ${licence}.`,
      training,
    },
  );
  return {
    bytes,
    texts: learnt.length,
    words: words.length,
    heldOutTexts: heldOut.length,
    heldOutCosine,
    untrainedCosine,
    keptEnergy: keptEnergy(taught.slice(heldOutFrom), directions),
  };
}

function splitTexts(
  texts: readonly string[],
  { maxTexts, seed }: DistilOptions,
): { learnt: string[]; heldOut: string[] } {
  const cut = texts.map((text) => text.slice(0, readUnits).trim());
  const distinct = [...new Set(cut)].filter((text) => text !== "");
  if (distinct.length < fewestTexts) {
    throw new DataError(
      `${distinct.length} distinct texts are too few to distil from; give at least ${fewestTexts}, better thousands`,
    );
  }
  const shuffled = createRandom(seed).shuffle(distinct).slice(0, maxTexts);
  const heldOutCount = Math.ceil(shuffled.length * heldOutShare);
  return { learnt: shuffled.slice(heldOutCount), heldOut: shuffled.slice(0, heldOutCount) };
}

/** Word rows: the teacher's vectors, weighted by SIF. N-gram rows: small and random, so that spellings which training never
 * saw still count, as they do in the hashed embedder. */
function initialTable(
  vocabulary: readonly VocabularyWord[],
  targets: Float32Array,
  { dim, buckets, seed }: { dim: number; buckets: number; seed: number },
): Float32Array {
  const table = new Float32Array((vocabulary.length + buckets) * dim);
  vocabulary.forEach(({ share }, row) => {
    const weight = sifShare / (sifShare + share);
    for (let d = row * dim; d < (row + 1) * dim; d++) table[d] = weight * targets[d]!;
  });
  const random = createRandom(seed);
  const spread = gramSpread / Math.sqrt(dim);
  for (let d = vocabulary.length * dim; d < table.length; d++) table[d] = spread * random.normal();
  return table;
}

function withoutLast(bags: TrainingBags, texts: number): TrainingBags {
  return { ...bags, textStarts: bags.textStarts.subarray(0, bags.textStarts.length - texts) };
}

function meanCosine(
  table: Float32Array,
  bags: TrainingBags,
  targets: Float32Array,
  { dim, from }: { dim: number; from: number },
): number {
  const texts = bags.textStarts.length - 1;
  const sum = new Float32Array(dim);
  let total = 0;
  for (let text = from; text < texts; text++) {
    sumRows(bags, text, table, sum);
    const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0));
    const product = sum.reduce((all, value, d) => all + value * targets[text * dim + d]!, 0);
    total += length > 0 ? product / length : 0;
  }
  return total / (texts - from);
}

/** Of vectors of length 1. */
function keptEnergy(vectors: readonly Float32Array[], directions: Float32Array): number {
  const length = vectors[0]!.length;
  let kept = 0;
  for (const vector of vectors) {
    for (let start = 0; start < directions.length; start += length) {
      let product = 0;
      for (let i = 0; i < length; i++) product += vector[i]! * directions[start + i]!;
      kept += product * product;
    }
  }
  return kept / vectors.length;
}
