import type { RouteRequest } from "@signalbox/runtime";
import { createRandom, type Random } from "../../../datasets/random.js";

/** Prompts of one length that all differ. */
export const distinctPrompts = 500;

/** Chat requests of made-up words with a system prompt; deterministic. */
export function promptsOf(characters: number): RouteRequest[] {
  const random = createRandom(characters);
  const vocabulary = Array.from({ length: 4_000 }, () => madeUpWord(random));
  return Array.from({ length: distinctPrompts }, () => ({
    messages: [
      { role: "system", content: "You are a support agent of an online shop. Answer politely and briefly." },
      { role: "user", content: madeUpText(random, vocabulary, characters) },
    ],
  }));
}

function madeUpText(random: Random, vocabulary: readonly string[], characters: number): string {
  let text = "";
  while (text.length < characters) {
    const word = vocabulary[Math.floor(random.uniform() ** 2 * vocabulary.length)]!;
    text += word + (random.uniform() < 0.1 ? ". " : " ");
  }
  return text.slice(0, characters);
}

function madeUpWord(random: Random): string {
  const letters = "etaoinshrdlucmfwypvbgkjqxz";
  return Array.from(
    { length: 2 + random.below(8) },
    () => letters[Math.floor(random.uniform() ** 2 * letters.length)],
  ).join("");
}
