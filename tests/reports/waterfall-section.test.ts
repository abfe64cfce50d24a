import { describe, expect, test } from "vitest";
import { waterfallChart } from "../../reports/charts/waterfall.js";
import { waterfallSection } from "../../reports/page/waterfall.js";
import { noDocuments } from "./fixtures.js";
import { leversResult } from "./levers-result.js";

const textOf = (levers: ReturnType<typeof leversResult> | null) =>
  JSON.stringify(waterfallSection({ ...noDocuments, levers })).replaceAll("\u00a0", " ");

describe("the savings waterfall", () => {
  test("begins at the bill, ends at the projection, and each bar begins where the one before ends", () => {
    const { values } = waterfallChart(leversResult())!.data;
    expect(values.map(({ from, to }) => [from, to])).toEqual([
      [0, 4200],
      [4200, 4070],
      [4070, 2760],
      [2760, 2870],
      [2870, 2870],
      [2870, 2790],
      [2790, 2610],
      [0, 2610],
    ]);
    expect(values.map(({ kind }) => kind)).toContain("adds");
  });

  test("amounts beside the bars have a sign and no more digits than fit", () => {
    const amounts = (scale: number) => {
      const levers = leversResult();
      for (const { change } of levers.waterfall) change.value *= scale;
      return waterfallChart(levers)!.data.values.map(({ amount }) => amount);
    };
    expect(amounts(1).slice(1, 4)).toEqual(["−$130.00", "−$1,310", "+$110.00"]);
    expect(amounts(1000).slice(1, 4)).toEqual(["−$130K", "−$1.31M", "+$110K"]);
  });

  test("says what is covered, what is an upper bound and what stands alone", () => {
    const text = textOf(leversResult());
    for (const part of [
      "37.9 % of the bill",
      "upper bound",
      "Pairs of levers",
      "85.7 % of the bill",
      "52,000 calls",
    ]) {
      expect(text).toContain(part);
    }
  });

  test("warns of a simulated judge, and names the command before there is anything", () => {
    expect(textOf(leversResult())).not.toContain("simulated judge");
    expect(textOf({ ...leversResult(), is_simulated: true })).toContain("simulated judge");
    expect(textOf(null)).toContain("signalbox simulate");
  });
});
