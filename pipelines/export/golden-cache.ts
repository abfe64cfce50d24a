import { type CacheRules, type GoldenCacheRow, goldenCacheRow } from "@signalbox/runtime";
import { harmlessPairs, poisonPairs } from "../../datasets/synthetic/cache-poison.js";

const seed = 20_260_101;
const drawn = 24;

/** Rows of golden-cache.jsonl: prompts with cached neighbours, what the guard says of each, and the features and score of the one that
 * may be offered. All are made up; a user's own prompts never enter an artifact. */
export function goldenCacheRows(rules: CacheRules): GoldenCacheRow[] {
  return [...written, ...planted()].map((question) => goldenCacheRow(rules, question));
}

type Question = Pick<GoldenCacheRow, "prompt" | "neighbours">;

/** Each poisoned prompt with its twin nearest, and harmless paraphrases of another question behind it. */
function planted(): Question[] {
  const paraphrases = harmlessPairs(seed, drawn);
  return poisonPairs(seed, drawn).map(({ a, b }, i) => {
    const other = paraphrases[i]!;
    return {
      prompt: i % 2 === 0 ? b : other.a,
      neighbours: [
        { similarity: 0.96, prompt: i % 2 === 0 ? a : other.b, answer: "1" },
        { similarity: 0.91, prompt: other.a, answer: "2" },
        { similarity: 0.875, prompt: other.b, answer: i % 3 === 0 ? "1" : "2" },
        { similarity: 0.5, prompt: a, answer: null },
      ],
    };
  });
}

const near = (similarity: number, prompt: string, answer: string | null) => ({ similarity, prompt, answer });

const written: readonly Question[] = [
  { prompt: "How do I reset my password?", neighbours: [] },
  {
    prompt: "How do I reset my password?",
    neighbours: [near(0.93, "How can I reset my password?", "reset")],
  },
  {
    prompt: "How do I reset my password on the phone?",
    neighbours: Array.from({ length: 10 }, (_, i) =>
      near(0.95 - i / 40, `${"please ".repeat(i)}reset my password`, i % 3 === 2 ? "other" : "reset"),
    ),
  },
  {
    prompt: "a table for 4 at noon",
    neighbours: [near(0.99, "a table for 5 at noon", "a"), near(0.9, "table for four at noon please", "b")],
  },
  { prompt: "", neighbours: [near(0, "", null), near(-0.5, "anything else", null)] },
  { prompt: "什么是路由器", neighbours: [near(0.8, "路由器是什么", "1"), near(0.7, "交换机是什么", "2")] },
  { prompt: "\ud800 lone", neighbours: [near(0.6, "lone \udfff surrogates", null)] },
  { prompt: "word ".repeat(400), neighbours: [near(0.97, "word ".repeat(401), "w")] },
];
