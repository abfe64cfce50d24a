import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareUsageShape, type UsageShape } from "../../scripts/bench/compare-usage-shapes.js";
import { PriceOutcome } from "../../scripts/bench/price-usage-shapes.js";

const file = join(
  process.env.SIGNALBOX_DATA ?? "../shared/data",
  "logs/usage-shapes/genai_prices_usages.json",
);

describe.skipIf(!existsSync(file))(`prices of recorded usage objects (${file})`, () => {
  test("are genai-prices' own wherever it has one, all but two prices that were corrected since and a 0 that means unknown", () => {
    const shapes = JSON.parse(readFileSync(file, "utf8")) as UsageShape[];
    const prices = shapes.map((shape) => compareUsageShape(shape).price!);
    const count = (wanted: PriceOutcome) => prices.filter(({ outcome }) => outcome === wanted).length;
    expect(prices.length).toBe(1577);
    expect(count(PriceOutcome.equal) + count(PriceOutcome.equalOwn)).toBe(1269);
    expect(count(PriceOutcome.noModel)).toBe(256);
    expect(prices.filter(({ outcome }) => outcome === PriceOutcome.differs)).toEqual([
      {
        outcome: PriceOutcome.differs,
        detail: expect.stringMatching(/^deepseek deepseek-reasoner: .*override/),
      },
      {
        outcome: PriceOutcome.differs,
        detail: expect.stringMatching(/^mistral ministral-8b-latest: .*genai-prices/),
      },
    ]);
    expect(
      prices.filter(({ outcome }) => outcome === PriceOutcome.missing).map(({ detail }) => detail),
    ).toEqual([
      expect.stringMatching(/^cerebras qwen-3-coder-480b: unpriced_unit, expected 0 USD/),
      expect.stringMatching(/^cerebras qwen-3-coder-480b: unpriced_unit, expected 0 USD/),
    ]);
  });
});
