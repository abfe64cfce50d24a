import { readFileSync } from "node:fs";
import { hashedEmbedder, readStaticEmbedder } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { compareEmbedders, type EmbedderAgreement } from "../../models/embed/compare-embedders.js";
import { nearestVectors } from "../../models/embed/nearest.js";
import { openTeacher, type TeacherOptions } from "../../models/embed/open-teacher.js";
import { readCorpus } from "./read-corpus.js";

/** What to check an embedder with. */
export interface CheckRequest {
  /** Embedder file; null checks the built-in hashed one. */
  embedder: string | null;
  workspace: string | null;
  /** File of texts; a few built-in ones where neither it nor a workspace is given. */
  texts: string | null;
  /** Encoder to compare with; null compares with none. */
  teacher: TeacherOptions | null;
  onProgress?: Progress;
}

/** An embedder's identity, and what it does with some texts. */
export interface CheckResult {
  id: string;
  dim: number;
  sha256: string;
  /** What the file says of its origin; null for the built-in one. */
  teacher: { id: string; sha256: string; dim: number; licence: string } | null;
  notice: string | null;
  texts: number;
  neighbours: Array<{ text: string; nearest: Array<{ text: string; cosine: number }> }>;
  agreement: EmbedderAgreement | null;
}

const mostTexts = 2_000;
const shownTexts = 6;
const shownNeighbours = 3;
const agreementSeed = 1;

/** Texts in pairs of one meaning, for a look without any of the user's own. */
const builtInTexts = [
  "How do I reset my password?",
  "I forgot my login and need a new one",
  "Where is my package?",
  "My delivery hasn't arrived yet",
  "Write a function that sorts a list of numbers",
  "Sort an array of integers in Python",
  "Translate this sentence into French",
  "How do you say good morning in French?",
  "What is the capital of Japan?",
  "Which city is Japan governed from?",
  "Summarise this article in two sentences",
  "Give me a short summary of the text below",
];

/** Say what an embedder is and what it holds for alike, and how far it agrees with a teacher.
 * @throws {ArtifactError} if the file is no embedder, or damaged
 * @throws {InputError} if another file or the teacher can't be used */
export async function checkEmbedder(request: CheckRequest): Promise<CheckResult> {
  const { workspace, texts: file } = request;
  const stored = request.embedder === null ? null : readEmbedder(request.embedder);
  const embedder = stored ?? hashedEmbedder();
  const hasOwn = workspace !== null || file !== null;
  const corpus = hasOwn ? (await readCorpus(workspace, file)).texts : builtInTexts;
  const texts = [...new Set(corpus)].slice(0, mostTexts);
  const vectors = texts.map((text) => embedder.embed(text));
  return {
    id: embedder.id,
    dim: embedder.dim,
    sha256: embedder.sha256,
    teacher: stored?.header.teacher ?? null,
    notice: stored?.header.notice ?? null,
    texts: texts.length,
    neighbours: texts.slice(0, shownTexts).map((text, i) => ({
      text,
      nearest: nearestVectors(vectors[i]!, vectors, { count: shownNeighbours, skip: i }).map(
        ({ index, cosine }) => ({ text: texts[index]!, cosine }),
      ),
    })),
    agreement: request.teacher && (await agreeWith(request.teacher, texts, vectors, request.onProgress)),
  };
}

function readEmbedder(path: string) {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new InputError(`${path}: can't be read (${(cause as Error).message})`, { cause });
  }
  return readStaticEmbedder(bytes, path);
}

async function agreeWith(
  options: TeacherOptions,
  texts: readonly string[],
  vectors: readonly Float32Array[],
  onProgress?: Progress,
): Promise<EmbedderAgreement> {
  const teacher = await openTeacher(options);
  const taught = await teacher.embed(texts, onProgress).finally(() => teacher.release());
  return compareEmbedders(vectors, taught, agreementSeed);
}
