import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../datasets/package-root.js";

/** A text, and what must be replaced in it. */
export interface LabelledText {
  text: string;
  marks: ReadonlyArray<{ kind: string; value: string }>;
  /** Heading of its part of the corpus; `decoys` hold nothing to replace. */
  part: string;
}

/** Read a corpus; its first lines say how it is written. Random values are the same in every run. */
export function readCorpus(name: "development" | "held-out"): LabelledText[] {
  const random = sequence(name.length);
  let part = "";
  const texts: LabelledText[] = [];
  for (const line of readFileSync(join(packageRoot, corpusFolder, `${name}.txt`), "utf8").split("\n")) {
    if (line.startsWith("## ")) part = line.slice(3);
    else if (line !== "" && !line.startsWith("# ")) texts.push({ ...readLine(line, random), part });
  }
  return texts;
}

const corpusFolder = "tests/datasets/privacy/corpus";

function readLine(line: string, random: () => number): Omit<LabelledText, "part"> {
  const filled = line
    .replaceAll("⏎", "\n")
    .replace(/\{([awhud])(\d+)\}/g, (_all, alphabet: string, length: string) =>
      randomText(alphabets[alphabet]!, Number(length), random),
    );
  const marks: Array<{ kind: string; value: string }> = [];
  const text = filled.replace(/⟦([A-Z_]+):([^⟧]*)⟧/g, (_all, kind: string, value: string) => {
    marks.push({ kind, value });
    return value;
  });
  return { text, marks };
}

const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const alphabets: Readonly<Record<string, string>> = {
  a: letters + letters.toUpperCase() + digits,
  w: `${letters}${letters.toUpperCase()}${digits}_-`,
  h: `${digits}abcdef`,
  u: letters.toUpperCase() + digits,
  d: digits,
};

/** The third character is a digit, as some digit is in every real key. */
function randomText(alphabet: string, length: number, random: () => number): string {
  const pick = (from: string): string => from[Math.floor(random() * from.length)]!;
  return Array.from({ length }, (_, i) => pick(i === 2 ? digits : alphabet)).join("");
}

function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
