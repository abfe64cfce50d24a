import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../datasets/package-root.js";
import { priceRequest } from "../../datasets/prices/price-book.js";
import { providerSource } from "../../datasets/sources/provider.js";

const file = join(
  process.env.SIGNALBOX_DATA ?? join(packageRoot, "../shared/data"),
  "logs/raw-api-pairs/pairs.jsonl",
);

interface Pair {
  uri: string;
  method: string;
  status?: number;
  response_body: string;
}

const pairs: Pair[] = existsSync(file)
  ? readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Pair)
  : [];
const mapped = pairs.map((pair) => ({ pair, result: providerSource.map(pair) }));

function count(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

test.skipIf(pairs.length === 0)(
  `every one of 720 recorded exchanges is a row or says why not (${file})`,
  () => {
    expect(pairs).toHaveLength(720);
    const counts = count(
      mapped.map(({ result }) =>
        result.kind === "row" ? `row ${result.draft.status}` : `${result.kind} ${result.reason}`,
      ),
    );
    expect(counts).toEqual({
      "row ok": 616,
      "row error": 10,
      // Gemini and Anthropic bodies hold no time, and these recordings kept no Date header.
      "quarantined missing_time": 48,
      // Recorded cut off in the middle of the JSON.
      "quarantined undecodable_body": 2,
      // Assistants bookkeeping, reranking, images, guardrails, jobs that were only started.
      "skipped not_an_llm_call": 44,
    });
  },
);

test.skipIf(pairs.length === 0)("every successful row whose body counts tokens has usage", () => {
  const rows = mapped.flatMap(({ pair, result }) =>
    result.kind === "row" && result.draft.status === "ok" ? [{ pair, draft: result.draft }] : [],
  );
  const counted =
    /"(prompt_tokens|input_tokens|inputTokens|promptTokenCount|inputTextTokenCount|prompt_eval_count|prompt_token_count|total_tokens)"\s*:\s*[1-9]/;
  const without = rows.filter(({ pair, draft }) => counted.test(pair.response_body) && draft.usage === null);
  expect(without.map(({ pair }) => pair.uri)).toEqual([]);
  // Ollama counts no prompt that it had in its cache: five calls.
  expect(rows.filter(({ draft }) => draft.usage !== null).length).toBe(527);
});

test.skipIf(pairs.length === 0)(
  "streams that carry usage are counted, those that don't say so by null",
  () => {
    const streams = mapped.flatMap(({ result }) =>
      result.kind === "row" && result.draft.isStream ? [result.draft] : [],
    );
    const open = streams.filter(({ usage }) => usage === null);
    expect(streams.every(({ status }) => status === "ok" || status === "error")).toBe(true);
    expect(open.every(({ endpoint }) => endpoint === "chat" || endpoint === "completions")).toBe(true);
    expect(
      streams.filter(({ output, finishReason }) => output === null && finishReason === "stop").length,
    ).toBe(0);
  },
);

test.skipIf(pairs.length === 0)("no attachment's bytes stay in a prompt", () => {
  const prompts = mapped.flatMap(({ result }) =>
    result.kind === "row" ? [JSON.stringify(result.draft.prompt)] : [],
  );
  expect(
    prompts.filter((prompt) => /;base64,|(UklGR|iVBORw0|\/9j\/4)[A-Za-z0-9+/]{60}/.test(prompt)),
  ).toEqual([]);
  expect(prompts.filter((prompt) => prompt.includes('"type":"image"')).length).toBeGreaterThan(10);
});

test.skipIf(pairs.length === 0)("only models without a list price are unpriced", () => {
  const rows = mapped.flatMap(({ result }) =>
    result.kind === "row" && result.draft.usage !== null ? [result.draft] : [],
  );
  const unpriced = rows.filter(
    ({ provider, modelServed, modelRequested, usage, createdAt, serviceTier, isBatch }) => {
      const price = priceRequest({
        provider,
        model: (modelServed ?? modelRequested)!,
        usage: usage!,
        createdAt: createdAt!,
        serviceTier,
        isBatch,
      });
      return price.usd === null;
    },
  );
  const models = [
    ...new Set(
      unpriced.map(
        ({ provider, modelServed, modelRequested }) => `${provider} ${modelServed ?? modelRequested}`,
      ),
    ),
  ].sort();
  expect(models).toEqual([
    "aws arn:aws:sagemaker:us-east-1:767398002385:endpoint/endpoint-quick-start-idr7y",
    "aws meta.llama2-13b-chat-v1",
    "cohere embed-english-light-v3.0",
    "local facebook/opt-125m",
    "local intfloat/e5-mistral-7b-instruct",
    "local meta-llama/Llama-3.2-1B-Instruct",
    "ollama gemma3:1b",
    "ollama llama3",
    "ollama llama3.1",
    "ollama qwen3.6:latest",
    "openai davinci:2023-07-21-v2",
    "writer palmyra-x4",
  ]);
});
