import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { type CountPair, calibrateCounts, fewestPairs } from "../../../datasets/tokens/calibrate-counts.js";

function pair(model: string, ratio: number, counted = 1000): CountPair {
  return {
    model,
    isStructured: false,
    inputCounted: counted,
    inputLogged: Math.round(counted * ratio),
    outputCounted: counted,
    outputLogged: Math.round(counted * ratio),
  };
}

const count = { input: 1000, output: 1000, isStructured: false, hasMedia: false };

describe("calibrateCounts", () => {
  test("takes the model's own ratio when it has enough pairs, else its family's", () => {
    const pairs = Array.from({ length: fewestPairs }, () => pair("claude-a", 1.2));
    const calibration = calibrateCounts(pairs);
    expect(calibration.estimate("claude-a", count)).toMatchObject({
      input: 1200,
      output: 1200,
      source: "estimated",
    });
    expect(calibration.estimate("claude-b", count)).toMatchObject({ input: 1200 });
    expect(calibrateCounts(pairs.slice(1)).estimate("claude-a", count)!.input).not.toBe(1200);
  });

  test("is wider where nothing is known than where much is", () => {
    const known = calibrateCounts(Array.from({ length: 50 }, (_, i) => pair("llm", 1.1 + (i % 5) / 100)));
    expect(known.estimate("llm", count)!.errorShare).toBeLessThan(0.05);
    expect(calibrateCounts([]).estimate("llm", count)!.errorShare).toBeGreaterThan(0.3);
  });

  test("is not led astray by a few prompts that the log doesn't show", () => {
    const pairs = [...Array.from({ length: 30 }, () => pair("llm", 1.1)), pair("llm", 500), pair("llm", 900)];
    expect(calibrateCounts(pairs).estimate("llm", count)!.input).toBe(1100);
  });

  test("counts OpenAI's plain chats as they are, and gives no answer for hidden reasoning", () => {
    const calibration = calibrateCounts([]);
    expect(calibration.estimate("gpt-4o", count)).toMatchObject({
      input: 1000,
      output: 1000,
      source: "counted",
    });
    expect(calibration.estimate("gpt-4o", { ...count, isStructured: true })!.source).toBe("estimated");
    expect(calibration.estimate("o3-mini", count)).toBeNull();
    expect(calibration.estimate("gpt-5", count)).toBeNull();
  });

  test("does not depend on the order of the pairs", () => {
    const pairs = Array.from({ length: 40 }, (_, i) => pair("llm", 1 + (i % 7) / 10));
    expect(calibrateCounts([...pairs].reverse()).estimate("llm", count)).toEqual(
      calibrateCounts(pairs).estimate("llm", count),
    );
  });

  test.each([10, 30, 200])("covers the truth in about nine of ten cases after %d pairs", (n) => {
    let inside = 0;
    const trials = 2000;
    for (let seed = 0; seed < trials; seed++) {
      const random = createRandom(seed);
      const noise = (): number => 1.15 * Math.exp(0.3 * random.normal());
      const calibration = calibrateCounts(Array.from({ length: n }, () => pair("llm", noise(), 100_000)));
      const { input, errorShare } = calibration.estimate("llm", { ...count, input: 100_000, output: 0 })!;
      const truth = 100_000 * noise();
      if (truth <= input * (1 + errorShare) && truth >= input / (1 + errorShare)) inside++;
    }
    expect(inside / trials).toBeGreaterThan(0.87);
    expect(inside / trials).toBeLessThan(0.95);
  });
});
