import { createRandom } from "../../datasets/random.js";

/** One synthetic outcome line with a known truth: the small model fails on proofs, the large one rarely. */
export interface PlantedItem {
  id: string;
  prompt: string;
  session: string;
  outcomes: Record<string, { quality: number; cost_usd?: number; output_tokens?: number }>;
}

const easy = ["translate", "summarise", "spell", "list", "rename"];
const hard = ["prove", "derive", "integrate", "refute", "optimise"];
const things = [
  "the invoice",
  "a haiku",
  "this theorem",
  "the matrix",
  "my letter",
  "a graph",
  "the clause",
  "an email",
];

/** Synthetic items: which verb opens the prompt decides whether the small model can do it. */
export function plantedItems(n: number, seed = 1): PlantedItem[] {
  const random = createRandom(seed);
  const pick = (values: readonly string[]) => values[random.below(values.length)]!;
  return Array.from({ length: n }, (_, i) => {
    const isHard = random.uniform() < 0.4;
    const prompt = `Please ${pick(isHard ? hard : easy)} ${pick(things)} number ${random.below(100_000)} for ${pick(things)}`;
    const small = Number(random.uniform() < (isHard ? 0.2 : 0.99));
    const large = Number(random.uniform() < 0.98);
    return {
      id: `item-${i}`,
      prompt,
      session: `session-${Math.floor(i / 2)}`,
      outcomes: {
        small: { quality: small, cost_usd: 0.0001, output_tokens: 50 },
        large: { quality: large, cost_usd: 0.002, output_tokens: isHard ? 400 : 60 },
      },
    };
  });
}

/** The same items with answers of a third model: sure of what is easy, and better than the small one at what is hard. */
export function withMedium(items: readonly PlantedItem[], seed = 5): PlantedItem[] {
  const random = createRandom(seed);
  return items.map((item) => {
    const isHard = hard.some((verb) => item.prompt.startsWith(`Please ${verb} `));
    const quality = Number(random.uniform() < (isHard ? 0.4 : 0.985));
    const medium = { quality, cost_usd: 0.0005, output_tokens: 60 };
    return { ...item, outcomes: { ...item.outcomes, medium } };
  });
}
