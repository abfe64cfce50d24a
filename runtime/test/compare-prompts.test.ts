import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { harmlessPairs, poisonPairs } from "../../datasets/synthetic/cache-poison.js";
import {
  type BlockingDifference,
  blockingDifferences,
  comparePrompts,
  differenceCodes,
  differenceVector,
  guardPair,
  promptDifferenceNames,
} from "../src/cache/compare-prompts.js";
import { hostileTexts } from "./support/hostile.js";

const codesOf = (a: string, b: string) => differenceCodes(comparePrompts(a, b));

describe("guardPair", () => {
  test.each<[BlockingDifference, string, string]>([
    ["numbers", "a table for 4", "a table for 5"],
    ["numbers", "a table for four", "a table for 5"],
    ["numbers", "twenty-five chairs", "twenty chairs"],
    ["numbers", "it costs $1.50", "it costs $15.0"],
    ["numbers", "wake me at 6 am", "wake me at 6 pm"],
    ["numbers", "wake me at half past 6", "wake me at quarter past 6"],
    ["numbers", "a room for one night", "a room for two nights"],
    ["numbers", "2 cats and 3 dogs", "3 cats and 2 dogs"],
    ["numbers", "what is 7 + 2", "what is 7 * 2"],
    ["numbers", "zwei Karten bitte", "drei Karten bitte"],
    ["numbers", "\u0663 \u0623\u064a\u0627\u0645", "\u0664 \u0623\u064a\u0627\u0645"],
    ["units", "run 5 km", "run 5 miles"],
    ["units", "wait 3 hours", "wait 3 days"],
    ["units", "a loan in euros", "a loan in dollars"],
    ["units", "a raise of 5%", "a raise of $5"],
    ["dates", "who is on call on monday", "who is on call on tuesday"],
    ["dates", "the weather tomorrow", "the weather yesterday"],
    ["dates", "sales this month", "sales last month"],
    ["dates", "events in may", "events in june"],
    ["dates", "was ist am Dienstag", "was ist am Freitag"],
    ["names", "How tall is Ada?", "How tall is Grace?"],
    ["names", "hotels in lima", "hotels in oslo"],
    ["names", "flights to lima in summer", "flights to oslo in summer"],
    ["names", "is gpt-4o faster", "is gpt-4 faster"],
    ["names", 'define "ennui"', 'define "hubris"'],
    ["names", "write to ann@example.org", "write to bob@example.org"],
    ["names", "[NAME_0a1b2c] called", "[NAME_ffffff] called"],
    ["names", "is brazil safe to travel to", "is kenya safe to travel to"],
    ["names", "what is the fee of my visa", "what is the fee of my mastercard"],
    ["names", "Which visa for Oslo?", "Which visa for Lima?"],
    ["antonym", "my parcel is a week late", "my parcel is a month late"],
    ["antonym", "how many days until I get it", "how many hours until I get it"],
    ["antonym", "the lowest fee", "the highest fee"],
    ["negation", "plants that need light", "plants that don't need light"],
    ["negation", "plants that need light", "plants that dont need light"],
    ["negation", "is it possible", "is it impossible"],
    ["negation", "I want a plant that isn't thirsty", "I don't want a plant that isn't thirsty"],
    ["negation", "the door is locked", "the door is unlocked"],
    ["negation", "Fenster, die sich öffnen", "Fenster, die sich nicht öffnen"],
    ["negation", "peut-on payer", "ne peut-on pas payer"],
    ["antonym", "turn the heating on", "turn the heating off"],
    ["antonym", "what to drink before sport", "what to drink after sport"],
    ["antonym", "raise the blinds, and lower the price", "increase the price"],
    ["antonym", "shoes for men", "shoes for women"],
    ["direction", "trains from bonn to kiel", "trains from kiel to bonn"],
    ["direction", "trains from bonn to kiel", "trains to bonn from kiel"],
    [
      "direction",
      "I need to find a bus from long beach to san jose",
      "I need to find a bus from san jose to long beach",
    ],
    ["direction", "is rust faster than zig", "is zig faster than rust"],
    ["question", "who opens the shop?", "when opens the shop?"],
    ["question", "how many guests came?", "how long were guests there?"],
    ["answer", "Yes, I want that", "I want that"],
    ["list", "a room for my mother", "a room for my mother and my aunt"],
    ["unread", `${"x ".repeat(17_000)}a`, `${"x ".repeat(17_000)}b`],
  ])("%s: %s | %s", (code, a, b) => {
    expect(codesOf(a, b)).toContain(code);
    expect(codesOf(b, a)).toContain(code);
  });

  test.each([
    ["a table for 2", "a table for two"],
    ["on the 3rd of May", "on the third of may"],
    ["1,000 steps", "1000 steps"],
    ["1000 steps", "one thousand steps"],
    ["a raise of 5 percent", "a raise of 5%"],
    ["wake me at 5:30 pm", "Wake me at 5.30 PM"],
    ["for a week", "for one week"],
    ["$20 in cash", "20 dollars in cash"],
    ["hotels in Paris", "hotels in paris"],
    ["Hotels In Paris Now", "hotels in paris now"],
    ["We have no kids", "we have zero children"],
    ["I am unable to pay", "I'm not able to pay"],
    ["The transfer failed", "The transfer didn't work"],
    ["Don't you sell tea?", "Do you sell tea?"],
    ["I don't know how to swim", "how to swim"],
    ["It isn't here", "It is not here"],
    ["I need to change my booking", "I have a booking that I need to change"],
    ["Where can I see my invoices?", "How can I see my invoices?"],
    ["Wie öffne ich mein Konto?", "Wie öffne ich mein Postfach bei euch?"],
    ["this one, please", "one of these, please"],
    ["", ""],
    ["\n", " "],
  ])("lets pass: %s | %s", (a, b) => {
    expect(guardPair(a, b)).toBeNull();
  });

  test("refuses planted poison, and lets paraphrases of other texts pass", () => {
    const poison = poisonPairs(7, 2_400);
    const served = poison.filter(({ a, b }) => guardPair(a, b) === null);
    expect(served).toEqual([]);
    const refused = harmlessPairs(7, 1_000).filter(({ a, b }) => guardPair(a, b) !== null);
    expect(refused).toEqual([]);
  });
});

describe("comparePrompts", () => {
  test("measures overlap, containment, length and order", () => {
    expect(comparePrompts("red apples taste sweet", "sweet apples")).toMatchObject({
      detail: true,
      overlap: 0.5,
      containment: 1,
      lengthRatio: 0.5,
      sameOrder: 0,
    });
    expect(comparePrompts("", "")).toMatchObject({
      overlap: 1,
      containment: 1,
      lengthRatio: 1,
      sameOrder: 1,
    });
  });

  test("gives its fields as numbers, in the order that it names", () => {
    const differences = comparePrompts("2 cats", "3 cats");
    expect(Object.keys(differences)).toEqual([...promptDifferenceNames]);
    expect(differenceVector(differences)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(blockingDifferences.every((name) => name in differences)).toBe(true);
  });

  test("sees nothing between a text and itself, is symmetric, and stays in its ranges", () => {
    const words = fc.constantFrom(
      "not",
      "two",
      "2",
      "to",
      "from",
      "Oslo",
      "lima",
      "on",
      "off",
      "and",
      "May",
      "last",
      "week",
      '"',
      "un",
      "-",
      ".",
      "$",
      "yes",
      "no",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(words, { maxLength: 12 }).map((list) => list.join(" ")),
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(codesOf(a, a)).toEqual([]);
        expect(comparePrompts(a, b)).toEqual(comparePrompts(b, a));
        for (const value of differenceVector(comparePrompts(a, b))) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("answers for any text", () => {
    for (const text of hostileTexts)
      expect(differenceVector(comparePrompts(text, "What is 2 + 2?"))).not.toContain(Number.NaN);
  });
});

const path = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "cache/nlupp/pairs.jsonl");

interface NluPair {
  a: string;
  b: string;
  label: number;
  cos_use: number;
}

describe("on NLU++ pairs with cosine of at least 0.9", () => {
  const isTest = ({ a, b }: NluPair) => createHash("sha256").update(`${a}\0${b}`).digest()[0]! % 2 === 1;

  test.for<[string, (pair: NluPair) => boolean]>([
    ["all", () => true],
    ["those that no rule was written for", isTest],
  ])("blocks most of the wrong and few of the right ones: %s", ([, isMeant], { skip }) => {
    if (!existsSync(path)) skip(`no data at ${path}; set SIGNALBOX_DATA`);
    const pairs = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as NluPair)
      .filter((pair) => pair.cos_use >= 0.9 && isMeant(pair));
    const blocked = (label: number) => {
      const some = pairs.filter((pair) => pair.label === label);
      return some.filter(({ a, b }) => guardPair(a, b) !== null).length / some.length;
    };
    expect(blocked(0)).toBeGreaterThanOrEqual(0.7);
    expect(blocked(1)).toBeLessThanOrEqual(0.06);
  });
});
