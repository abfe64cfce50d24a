import {
  failures,
  functionWords,
  knownNames,
  knownStems,
  negations,
  oneWord,
  opposites,
  particles,
  particleVerbs,
} from "./guard-words.js";
import { type Quantities, readQuantities } from "./prompt-quantities.js";
import { type PromptWord, splitPrompt } from "./prompt-words.js";
import { units } from "./quantity-words.js";

/** What the guard compares of a prompt. */
export interface PromptFacts {
  words: readonly PromptWord[];
  quantities: Quantities;
  /** Stems of the words that carry content, in order of first occurrence. */
  content: Set<string>;
  /** Lower-case texts of all words. */
  vocabulary: Set<string>;
  /** Words that are names by their form, or known ones. */
  names: Set<string>;
  negations: number;
  /** Whether the user says that they don't know something, which a question says without words. */
  isUnsure: boolean;
  failures: Set<string>;
  /** Members of each group of opposites that occur. */
  opposites: Map<number, Set<string>>;
  /** What the first question of the prompt asks for; null when it isn't one of these. */
  question:
    | "who"
    | "where"
    | "when"
    | "why"
    | "how"
    | "how_much"
    | "how_many"
    | "how_long"
    | "how_often"
    | null;
  /** Whether the prompt opens by answering yes, no or maybe to something before it. */
  answer: "yes" | "no" | "maybe" | null;
}

/** Read what the guard compares of a prompt. */
export function readPromptFacts(text: string): PromptFacts {
  const words = splitPrompt(text);
  const quantities = readQuantities(words);
  const answer = answerOf(words);
  const facts: PromptFacts = {
    words,
    quantities,
    content: new Set(),
    vocabulary: new Set(),
    names: new Set(),
    negations: 0,
    isUnsure: false,
    failures: new Set(),
    opposites: new Map(),
    question: questionOf(words),
    answer,
  };
  const hasParticles = words.some(({ stem }) => particleVerbs.has(stem));
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    facts.vocabulary.add(word.text);
    if (negations.has(word.text) && !(i === 0 && answer === "no")) noteNegation(facts, i);
    if (word.kind === "sign" || quantities.used.has(i)) continue;
    const stem = knownStems.has(word.stem) ? noteStem(facts, word.stem, hasParticles) : word.stem;
    if (functionWords.has(word.text)) continue;
    if (word.isName || knownNames.has(word.text)) facts.names.add(word.text);
    facts.content.add(stem);
  }
  return facts;
}

function noteStem(facts: PromptFacts, given: string, hasParticles: boolean): string {
  const stem = oneWord.get(given) ?? given;
  if (failures.has(stem)) facts.failures.add(stem);
  if (particles.has(stem) && !hasParticles) return stem;
  for (const group of opposites.get(stem) ?? []) {
    const members = facts.opposites.get(group);
    if (members === undefined) facts.opposites.set(group, new Set([stem]));
    else members.add(stem);
  }
  return stem;
}

const pronoun = /^(?:i|you|he|she|it|we|they|there|this|that)$/;
const knowing = /^(?:know|sure|understand|remember|recall|figure|see|tell|find)$/;
const questionWord = /^(?:how|why|what|where|when|who|which)$/;

/** "Don't you ...?" and "nothing else" turn nothing round; "I don't know how ..." says that one asks. */
function noteNegation(facts: PromptFacts, at: number): void {
  const [word, next, second, third] = facts.words.slice(at, at + 4);
  const isTag = word!.isFirst && word!.text.endsWith("t") && pronoun.test(next?.text ?? "");
  const asked = second?.text === "out" ? third : second;
  if (knowing.test(next?.text ?? "") && questionWord.test(asked?.text ?? "")) facts.isUnsure = true;
  else if (!isTag && next?.text !== "else" && next?.text !== "only") facts.negations += 1;
}

const answers: Readonly<Record<string, PromptFacts["answer"]>> = Object.assign(Object.create(null), {
  yes: "yes",
  yeah: "yes",
  yep: "yes",
  yup: "yes",
  indeed: "yes",
  exactly: "yes",
  absolutely: "yes",
  definitely: "yes",
  correct: "yes",
  ja: "yes",
  oui: "yes",
  sim: "yes",
  nope: "no",
  nah: "no",
  nein: "no",
  non: "no",
  maybe: "maybe",
  perhaps: "maybe",
});

function answerOf(words: readonly PromptWord[]): PromptFacts["answer"] {
  const [first, second] = words;
  if (first?.text !== "no" && first?.text !== "não") return answers[first?.text ?? ""] ?? null;
  return second === undefined ||
    second.isFirst ||
    /^(?:i|im|it|its|thats|just|thanks|thank|não)$/.test(second.text)
    ? "no"
    : null;
}

const degrees: Readonly<Record<string, PromptFacts["question"]>> = Object.assign(Object.create(null), {
  much: "how_much",
  many: "how_many",
  long: "how_long",
  soon: "when",
  often: "how_often",
  come: "why",
});

/** Question words count near the start of a sentence: inside one they are mostly conjunctions. */
function questionOf(words: readonly PromptWord[]): PromptFacts["question"] {
  let sinceStart = 0;
  for (let i = 0; i < words.length; i++) {
    sinceStart = words[i]!.isFirst ? 0 : sinceStart + 1;
    if (sinceStart > 3) continue;
    const { text } = words[i]!;
    if (text === "how") return degreeOf(words, i);
    if (text === "who" || text === "where" || text === "when" || text === "why") return text;
  }
  return null;
}

function degreeOf(words: readonly PromptWord[], at: number): PromptFacts["question"] {
  const degree = degrees[words[at + 1]?.text ?? ""] ?? "how";
  return degree === "how_many" && units.has(words[at + 2]?.text ?? "") ? "how_long" : degree;
}
