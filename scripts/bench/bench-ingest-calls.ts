import { createRandom, type Random } from "../../datasets/random.js";

/** One made-up call, before it is written in a log format. */
export interface BenchCall {
  id: string;
  /** Microseconds since 1970, UTC. */
  at: number;
  latencyMs: number;
  ttftMs: number;
  model: string;
  provider: string;
  app: string;
  user: string;
  session: string;
  system: string;
  prompt: string;
  answer: string;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  costUsd: number;
  isStream: boolean;
  /** What is unusual about the record: 3 % hold personal data, 2 % a value of an odd type or one that can't be. */
  oddity: "none" | "personal" | "text_number" | "bad_latency" | "chat_prompt";
}

/** Calls with enough entropy that neither a cache nor a dictionary makes them cheap: about 1 kB of text each, of made-up words in
 * Zipf-like proportion, over 15 days, six models and forty users of five applications. Simulated; the same seed gives the same. */
export function* benchCalls(count: number, seed = 1): Iterable<BenchCall> {
  const random = createRandom(seed);
  const words = Array.from({ length: 30_000 }, () => madeUpWord(random));
  const systems = Array.from({ length: 5 }, () => text(random, words, 160));
  for (let i = 0; i < count; i++) {
    const [model, provider, usd] = models[random.below(models.length)]!;
    const app = random.below(systems.length);
    const oddity = oddityOf(random.uniform());
    const prompt = text(random, words, 60 + 700 * random.uniform() ** 2);
    const answer = text(random, words, 40 + 900 * random.uniform() ** 2);
    const inputTokens = Math.round((prompt.length + 160) / 4);
    const outputTokens = Math.round(answer.length / 4);
    const ttftMs = Math.round(150 + 900 * random.uniform() ** 3);
    yield {
      id: `req-${seed}-${i.toString(36)}-${random.below(2 ** 31).toString(36)}`,
      at: firstDayUs + Math.floor((15 * dayUs * (i + random.uniform())) / count),
      latencyMs: ttftMs + outputTokens * 12 + random.below(400),
      ttftMs,
      model,
      provider,
      app: apps[app]!,
      user: `user-${random.below(40_000)}`,
      session: `s-${random.below(count).toString(36)}`,
      system: systems[app]!,
      prompt: oddity === "personal" ? `${prompt} ${personal(random)}` : prompt,
      answer,
      inputTokens,
      cachedTokens: random.uniform() < 0.3 ? Math.floor(inputTokens / 2) : 0,
      outputTokens,
      costUsd: Number((((inputTokens + 4 * outputTokens) * usd) / 1e6).toPrecision(6)),
      isStream: random.uniform() < 0.5,
      oddity,
    };
  }
}

const firstDayUs = Date.UTC(2025, 5, 1) * 1000;
const dayUs = 86_400_000_000;
const apps = ["support-desk", "code-review", "search", "mail-drafts", "reports"];
const models: ReadonlyArray<readonly [string, string, number]> = [
  ["gpt-4o-2024-08-06", "openai", 2.5],
  ["gpt-4o-mini", "openai", 0.15],
  ["gpt-4.1-mini", "openai", 0.4],
  ["claude-sonnet-4-20250514", "anthropic", 3],
  ["claude-3-5-haiku-20241022", "anthropic", 0.8],
  ["mistral-large-latest", "mistral", 2],
];

function oddityOf(draw: number): BenchCall["oddity"] {
  if (draw < 0.03) return "personal";
  if (draw < 0.04) return "text_number";
  if (draw < 0.045) return "bad_latency";
  return draw < 0.05 ? "chat_prompt" : "none";
}

function personal(random: Random): string {
  const number = 1_000_000 + random.below(8_999_999);
  return random.uniform() < 0.7
    ? `Write to person${number}@mail.example.org today.`
    : `Call me at +49 30 ${number} please.`;
}

function text(random: Random, words: readonly string[], characters: number): string {
  let written = "";
  while (written.length < characters) {
    const word = words[Math.floor(random.uniform() ** 3 * words.length)]!;
    const draw = random.uniform();
    written += word + (draw < 0.08 ? ".\n" : draw < 0.16 ? ", " : " ");
  }
  return written;
}

function madeUpWord(random: Random): string {
  const letters = "etaoinshrdlucmfwypvbgkjqxzéü";
  return Array.from(
    { length: 2 + random.below(9) },
    () => letters[Math.floor(random.uniform() ** 2 * letters.length)],
  ).join("");
}
