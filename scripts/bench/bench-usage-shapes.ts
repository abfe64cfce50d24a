import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchOutcome, runBench } from "./bench.js";
import { compareUsageShape, type UsageComparison, type UsageShape } from "./compare-usage-shapes.js";

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
    },
    reference: { oracle: "genai-prices tests/dataset/usages.json" },
    tables: [
      {
        title: "By extractor",
        columns: ["extractor", "objects", "equal"],
        rows: countByExtractor(comparisons),
      },
      ...(exceptions.length > 0 ? [listed] : []),
    ],
    notes: [...choiceOfOracle(ambiguous, shapes.length), ...shortcomings()],
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

function choiceOfOracle(ambiguous: number, objects: number): string[] {
  return [
    `Which answer is expected: ${ambiguous} of the ${objects} objects have more than one, because extractors of other APIs can be run over the same keys and read them differently (an embeddings extractor over a chat answer sees no output). The expected one is that of the object's own API, told by its keys (Gemini, Bedrock Converse, Cohere billed units, OpenAI responses, Anthropic, embeddings); for the chat shape, which many providers share, by the provider that the recording is named for, and OpenAI's where it names none.`,
  ];
}

function shortcomings(): string[] {
  return [
    "Where the counts agree and still don't say everything:",
    [
      "- Anthropic's `iterations` can hold tokens of another model (advisor) or of a compaction that the totals leave out; `normaliseUsage` notes it.",
      "- Gemini behind an OpenAI-compatible address counts its thoughts in `total_tokens` only; the gap is noted.",
      "- Mistral's `num_cached_tokens` is no billing count: it stays inside the uncached input, as the extractor has it.",
      "- Cohere's `tokens` are larger than the `billed_units` that are charged; the billed ones are taken.",
    ].join("\n"),
  ];
}
