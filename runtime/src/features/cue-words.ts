import { hashString } from "./hash-ngrams.js";

/** Words and word pairs, in normal form, that hint at what an answer takes. Hints only: the n-grams carry the rest, and
 * every other language. docs/artifact.md lists them. */
export const cueWords = {
  reasoning: [
    "prove",
    "proof",
    "derive",
    "deduce",
    "justify",
    "reason",
    "reasoning",
    "why",
    "explain",
    "step by",
    "show that",
    "think through",
    "how many",
    "how much",
    "determine",
    "calculate",
    "compute",
    "evaluate",
    "solve",
    "find the",
  ],
  analysis: [
    "compare",
    "contrast",
    "analyze",
    "analyse",
    "analysis",
    "critique",
    "trade off",
    "trade offs",
    "pros and",
    "design",
    "architecture",
    "strategy",
    "plan",
    "optimize",
    "optimise",
    "debug",
    "refactor",
    "diagnose",
    "root cause",
    "implications",
  ],
  rewriting: [
    "translate",
    "summarize",
    "summarise",
    "summary",
    "extract",
    "classify",
    "rewrite",
    "rephrase",
    "paraphrase",
    "format",
    "convert",
    "correct",
    "proofread",
    "list",
    "label",
    "reply",
    "tl dr",
    "shorten",
  ],
  code: [
    "function",
    "def",
    "import",
    "const",
    "return",
    "class",
    "python",
    "javascript",
    "typescript",
    "java",
    "sql",
    "select",
    "regex",
    "api",
    "json",
    "html",
    "css",
    "bash",
    "docker",
    "code",
    "algorithm",
    "compile",
    "exception",
    "stack trace",
  ],
  maths: [
    "equation",
    "integral",
    "derivative",
    "probability",
    "theorem",
    "matrix",
    "polynomial",
    "triangle",
    "prime",
    "integer",
    "modulo",
    "vector",
    "logarithm",
    "geometry",
    "algebra",
    "sum of",
    "ratio",
    "percent",
  ],
  stakes: [
    "legal",
    "lawsuit",
    "contract",
    "liability",
    "compliance",
    "regulation",
    "medical",
    "patient",
    "dose",
    "dosage",
    "symptoms",
    "diagnosis",
    "treatment",
    "tax",
    "invest",
    "investment",
    "mortgage",
    "insurance",
    "security",
    "vulnerability",
    "production",
    "delete",
    "suicide",
    "emergency",
  ],
} as const;

/** Name of a list of cues; also the name of its dense feature, behind `cue_`. */
export type CueFamily = keyof typeof cueWords;
/** All families, in the order of their dense features. */
export const cueFamilies = Object.keys(cueWords) as CueFamily[];

const finderBits = 0xfff;

/** Make a finder of cues: from the hash of a word or pair to the number of its family.
 * @param seed of the word n-grams that will be looked up */
export function createCueFinder(seed: number): (hash: number) => number | undefined {
  const index = new Map<number, number>();
  cueFamilies.forEach((family, number) => {
    for (const cue of cueWords[family]) index.set(hashString(seed, cue), number);
  });
  // Most words are no cues, and a map costs more than all else that is done to a word.
  const mayBeCue = new Uint8Array(finderBits + 1);
  for (const hash of index.keys()) mayBeCue[hash & finderBits] = 1;
  return (hash) => (mayBeCue[hash & finderBits] === 1 ? index.get(hash) : undefined);
}
