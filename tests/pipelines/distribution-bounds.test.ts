import { FEATURISER } from "@signalbox/runtime";
import { expect, test } from "vitest";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import { distributionBounds } from "../../pipelines/train/distribution-bounds.js";

function boundsOf(requests: Parameters<typeof featureMatrix>[0]) {
  const { dense_low: low, dense_high: high } = distributionBounds(featureMatrix(requests));
  return (name: string) => {
    const i = FEATURISER.denseNames.indexOf(name);
    return [low[i]!, high[i]!] as const;
  };
}

const bare = [
  { prompt: "What is the capital of France?" },
  { prompt: "Prove that there are infinitely many primes." },
];

test("a script that training never saw is out of distribution", () => {
  expect(boundsOf(bare)("script_han")[1]).toBeCloseTo(0.1, 6);
});

test("tools and a conversation that training never saw are out of distribution", () => {
  expect(boundsOf(bare)("has_tools")[1]).toBeLessThan(1);
  expect(boundsOf(bare)("history_chars")[1]).toBeLessThan(0.2);
});

test.each(["max_tokens", "has_max_tokens", "json_schema", "emails", "urls"])(
  "%s never decides that a request is unknown",
  (name) => {
    expect(boundsOf(bare)(name)).toEqual([0, 1]);
  },
);

test("a request that is longer than any in training is out of distribution, a shorter one is not", () => {
  const [low, high] = boundsOf(bare)("user_chars");
  expect(low).toBe(0);
  expect(high).toBeLessThan(0.5);
});

test("a system prompt bounds only a model that has learnt from system prompts", () => {
  expect(boundsOf(bare)("system_chars")).toEqual([0, 1]);
  const varied = bare.map((request, i) => ({ ...request, system: "You are a help desk. ".repeat(i + 1) }));
  expect(boundsOf(varied)("system_chars")[1]).toBeLessThan(1);
});
