import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchOutcome, runBench } from "./bench.js";
import { compareUsageShape, type UsageComparison, type UsageShape } from "./compare-usage-shapes.js";
import { ORACLE_DAY, PriceOutcome } from "./price-usage-shapes.js";

await runBench({
  name: "usage-shapes",
  title: "Token counts on real usage objects",
  about:
    "The usage objects of genai-prices' own test set, recorded answers of real APIs, each with what every extractor of genai-prices makes of it. `normaliseUsage` gets the object and the provider's name; its disjoint parts are summed again and compared: input, output, cache reads, cache writes (by life where the extractor tells them apart), reasoning.",
  main: async ({ data }) => {
    const file = join(data ?? "", "logs/usage-shapes/genai_prices_usages.json");
    if (data === null || !existsSync(file))
      return { figures: {}, skipped: "no logs/usage-shapes in the data folder" };
    return compareAll(JSON.parse(readFileSync(file, "utf8")) as UsageShape[]);
  },
});

function compareAll(shapes: UsageShape[]): BenchOutcome {
  const comparisons = shapes.map(compareUsageShape);
  const exceptions = comparisons.filter(({ differences }) => differences.length > 0);
  const count = (wanted: PriceOutcome) => comparisons.filter(({ price }) => price?.outcome === wanted).length;
  const listed = {
    title: "Exceptions",
    columns: ["recording", "extractor", "difference"],
    rows: exceptions.map(({ file, extractor, differences }) => [file, extractor, differences.join("; ")]),
  };
  const ambiguous = comparisons.filter(({ answers }) => answers > 1).length;
  return {
    figures: {
      objects: shapes.length,
      equal: shapes.length - exceptions.length,
      exceptions: exceptions.length,
      ambiguous,
      priced: count(PriceOutcome.equal) + count(PriceOutcome.equalOwn) + count(PriceOutcome.priced),
      price_equal: count(PriceOutcome.equal) + count(PriceOutcome.equalOwn),
      price_differs: count(PriceOutcome.differs) + count(PriceOutcome.missing),
    },
    reference: { oracle: "genai-prices tests/dataset/usages.json" },
    tables: [
      {
        title: "By extractor",
        columns: ["extractor", "objects", "equal"],
        rows: countByExtractor(comparisons),
      },
      ...(exceptions.length > 0 ? [listed] : []),
      {
        title: "Prices",
        columns: ["price", "objects"],
        rows: Object.values(PriceOutcome).map((outcome) => [outcome, String(count(outcome))]),
      },
      {
        title: "Every price that isn't plainly equal",
        columns: ["what and why", "objects"],
        rows: notEqual(comparisons),
      },
    ],
    notes: [pricesCompared(), ...choiceOfOracle(ambiguous, shapes.length), ...shortcomings()],
  };
}

function countByExtractor(comparisons: UsageComparison[]): string[][] {
  const names = [...new Set(comparisons.map(({ extractor }) => extractor))].sort();
  return [...names, "all"].map((name) => {
    const own = comparisons.filter(({ extractor }) => name === "all" || extractor === name);
    return [
      name,
      String(own.length),
      String(own.filter(({ differences }) => differences.length === 0).length),
    ];
  });
}

function notEqual(comparisons: readonly UsageComparison[]): string[][] {
  const counts = new Map<string, number>();
  for (const { price } of comparisons) {
    if (price?.outcome === PriceOutcome.equal) continue;
    const what = price === null ? "the counts could not be read" : `${price.outcome}: ${price.detail}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].sort().map(([what, objects]) => [what, String(objects)]);
}

function choiceOfOracle(ambiguous: number, objects: number): string[] {
  return [
    `Which answer is expected: ${ambiguous} of the ${objects} objects have more than one, because extractors of other APIs can be run over the same keys and read them differently (an embeddings extractor over a chat answer sees no output). The expected one is that of the object's own API, told by its keys (Gemini, Bedrock Converse, Cohere billed units, OpenAI responses, Anthropic, embeddings); for the chat shape, which many providers share, by the provider that the recording is named for, and OpenAI's where it names none.`,
  ];
}

function pricesCompared(): string {
  return `Which price is expected: the recorded price of the same extractor, which genai-prices calculated for ${ORACLE_DAY}; ours is the default price book's of that day. Equal is equal to 1e-12 USD. Usage of other models inside a call (Anthropic's \`iterations\`) isn't in the recorded prices; the objects that have some are listed with both sums. A model that the recorder's provider doesn't list is priced by its maker's list where the maker alone licenses it, else by nobody's.`;
}

function shortcomings(): string[] {
  return [
    "Where the counts agree and still don't say everything:",
    [
      "- Anthropic's `iterations` can hold tokens of another model (advisor) or of a compaction that the totals leave out; `normaliseUsage` notes it, and they are priced apart.",
      "- Gemini behind an OpenAI-compatible address counts its thoughts in `total_tokens` only; the gap is noted.",
      "- Mistral's `num_cached_tokens` is no billing count: it stays inside the uncached input, as the extractor has it.",
      "- Cohere's `tokens` are larger than the `billed_units` that are charged; the billed ones are taken.",
    ].join("\n"),
  ];
}
