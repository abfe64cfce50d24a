import { hashString } from "./hash-ngrams.js";

/** Words and word pairs, in normal form, that hint at what an answer takes. Hints only: the n-grams carry the rest, and
 * every other language. docs/artifact.md lists them. */
export const cueWords = {
  reasoning: [
    "prove", "proof", "derive", "deduce", "justify", "reason", "reasoning", "why", "explain", "step by", "show that",
    "think through", "how many", "how much", "determine", "calculate", "compute", "evaluate", "solve", "find the",
  ],
  analysis: [
    "compare", "contrast", "analyze", "analyse", "analysis", "critique", "trade off", "trade offs", "pros and", "design",
    "architecture", "strategy", "plan", "optimize", "optimise", "debug", "refactor", "diagnose", "root cause", "implications",
  ],
  rewriting: [
    "translate", "summarize", "summarise", "summary", "extract", "classify", "rewrite", "rephrase", "paraphrase", "format",
    "convert", "correct", "proofread", "list", "label", "reply", "tl dr", "shorten",
  ],
  code: [
    "function", "def", "import", "const", "return", "class", "python", "javascript", "typescript", "java", "sql", "select",
    "regex", "api", "json", "html", "css", "bash", "docker", "code", "algorithm", "compile", "exception", "stack trace",
  ],
  maths: [
    "equation", "integral", "derivative", "probability", "theorem", "matrix", "polynomial", "triangle", "prime", "integer",
    "modulo", "vector", "logarithm", "geometry", "algebra", "sum of", "ratio", "percent",
  ],
  stakes: [
    "legal", "lawsuit", "contract", "liability", "compliance", "regulation", "medical", "patient", "dose", "dosage", "symptoms",
    "diagnosis", "treatment", "tax", "invest", "investment", "mortgage", "insurance", "security", "vulnerability", "production",
    "delete", "suicide", "emergency",
  ],
} as const;

export type CueFamily = keyof typeof cueWords;
export const cueFamilies = Object.keys(cueWords) as CueFamily[];

/** Family number of each cue's hash.
 * @param seed of the word n-grams that will be looked up */
export function indexCues(seed: number): ReadonlyMap<number, number> {
  const index = new Map<number, number>();
  cueFamilies.forEach((family, number) => {
    for (const cue of cueWords[family]) index.set(hashString(seed, cue), number);
  });
  return index;
}
