import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { PoisonKind } from "../../../datasets/synthetic/cache-poison.js";
import { poisonPrompt } from "../../../datasets/synthetic/poison-prompt.js";

const flipsOf = (prompt: string) =>
  Object.fromEntries(
    poisonPrompt(prompt, createRandom(1)).map(({ kind, prompt: flipped }) => [kind, flipped]),
  );

describe("poisonPrompt", () => {
  test.each<[PoisonKind, string, RegExp]>([
    [PoisonKind.number, "a table for 4 at the window", /^a table for (?!4\b)\d+ at the window$/],
    [PoisonKind.number, "a table for four", /^a table for (?!four$)[a-z]+$/],
    [PoisonKind.unit, "it is 5 km away", /^it is 5 mi away$/],
    [PoisonKind.currency, "Pay in Euros please", /^Pay in (?!Euros)[A-Z][a-z]+ please$/],
    [PoisonKind.date, "open on monday?", /^open on (?!monday)[a-z]+day\?$/],
    [PoisonKind.entity, "is france safe", /^is (?!france)[a-z]+ safe$/],
    [PoisonKind.entity, "Write a card for Amelia please", /^Write a card for (?!Amelia)[A-Z][a-z]+ please$/],
    [PoisonKind.polarity, "turn the heating on", /^turn the heating off$/],
    [PoisonKind.polarity, "how do i enable alerts", /^how do i disable alerts$/],
    [PoisonKind.direction, "a bus from Long Beach to my office", /^a bus from my office to Long Beach$/],
    [PoisonKind.negation, "can i pay later", /^can i not pay later$/],
    [PoisonKind.negation, "the card is new", /^the card is not new$/],
  ])("%s: %s", (kind, prompt, wanted) => {
    expect(flipsOf(prompt)[kind]).toMatch(wanted);
  });

  test.each([
    ["several words of one group", "the first and the last page"],
    ["another form of the word", "it stopped, so start it"],
    ["a negation that is there", "why can't I pay"],
    ["a question after knowledge", "do i know"],
    ["a verb behind to", "I go from here to pay"],
    ["a name of several words", "in New Haven Hills now"],
    ["German nouns", "wie kann ich das Konto und die Karte sperren"],
    ["nothing to flip", "hello there"],
    ["no text", ""],
  ])("leaves alone what would not surely ask for something else: %s", (_, prompt) => {
    expect(flipsOf(prompt)).toEqual({});
  });

  test("the same seed gives the same flips, and one of a kind at most", () => {
    const prompt = "From Lisbon to Oslo on Monday, 3 bags of 20 kg, can I pay 40 dollars first?";
    const once = poisonPrompt(prompt, createRandom(5));
    expect(once).toEqual(poisonPrompt(prompt, createRandom(5)));
    expect(new Set(once.map(({ kind }) => kind)).size).toBe(once.length);
    expect(once.length).toBe(8);
  });
});
