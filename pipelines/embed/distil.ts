import { readStaticEmbedder } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { writeFileAtomic } from "../../datasets/workspace.js";
import { type DistilOptions, distilEmbedder } from "../../models/embed/distil-embedder.js";
import { openTeacher, type TeacherOptions } from "../../models/embed/open-teacher.js";
import { readCorpus } from "./read-corpus.js";

/** Where the texts come from, which encoder teaches, and where the embedder goes. */
export interface DistilRequest extends Omit<DistilOptions, "onProgress"> {
  workspace: string | null;
  texts: string | null;
  teacher: TeacherOptions;
  out: string;
  onProgress?: Progress;
}

/** What a distillation made. */
export interface DistilResult {
  path: string;
  id: string;
  dim: number;
  sha256: string;
  bytes: number;
  teacher: { id: string; sha256: string; dim: number; licence: string };
  /** Distinct texts learnt from, and lines of the file that gave none. */
  texts: number;
  rejected_lines: number;
  words: number;
  buckets: number;
  seed: number;
  held_out_texts: number;
  /** Mean cosine with the teacher's projected vectors on texts that training never saw: before training, and after. */
  untrained_cosine: number;
  held_out_cosine: number;
  /** Share of the teacher's squared length that its projection to `dim` keeps. */
  kept_energy: number;
  seconds: number;
}

/** Distil a teacher into an embedder file.
 * @throws {InputError} if texts, teacher or output can't be used
 * @throws {DataError} if there are too few texts */
export async function distil(request: DistilRequest): Promise<DistilResult> {
  const started = performance.now();
  const { workspace, texts: file, out, ...options } = request;
  if (workspace === null && file === null) {
    throw new InputError("no texts to learn from; give --workspace, --texts or both");
  }
  const corpus = await readCorpus(workspace, file);
  const teacher = await openTeacher(request.teacher);
  const distilled = await distilEmbedder(corpus.texts, teacher, options).finally(() => teacher.release());
  const embedder = readStaticEmbedder(distilled.bytes, out);
  writeFileAtomic(out, distilled.bytes);
  return {
    path: out,
    id: embedder.id,
    dim: embedder.dim,
    sha256: embedder.sha256,
    bytes: distilled.bytes.length,
    teacher: embedder.header.teacher,
    texts: distilled.texts,
    rejected_lines: corpus.rejected,
    words: distilled.words,
    buckets: options.buckets,
    seed: options.seed,
    held_out_texts: distilled.heldOutTexts,
    untrained_cosine: distilled.untrainedCosine,
    held_out_cosine: distilled.heldOutCosine,
    kept_energy: distilled.keptEnergy,
    seconds: (performance.now() - started) / 1_000,
  };
}
