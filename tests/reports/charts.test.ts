import { describe, expect, it } from "vitest";
import { cacheNetChart } from "../../reports/charts/cache-net.js";
import { cacheSharesChart } from "../../reports/charts/cache-shares.js";
import { cascadeChart } from "../../reports/charts/cascade.js";
import type { Chart, ChartSpec } from "../../reports/charts/chart.js";
import { certifiedPoint, frontierChart } from "../../reports/charts/frontier.js";
import { keepLargest } from "../../reports/charts/keep-largest.js";
import { reliabilityChart } from "../../reports/charts/reliability.js";
import { routedByAppChart } from "../../reports/charts/routed-by-app.js";
import { shadowBandChart } from "../../reports/charts/shadow-band.js";
import { shadowMixChart } from "../../reports/charts/shadow-mix.js";
import { shadowSlicesChart } from "../../reports/charts/shadow-slices.js";
import { spendByModelChart } from "../../reports/charts/spend-by-model.js";
import { spendPerDayChart } from "../../reports/charts/spend-per-day.js";
import { strategyCostsChart } from "../../reports/charts/strategy-costs.js";
import { tokenAnatomyChart } from "../../reports/charts/token-anatomy.js";
import { renderChart } from "../../reports/render.js";
import { hostileNames, realisticDocuments } from "./fixtures.js";

const { audit, model, simulate, cascade, cache_replay, shadow } = realisticDocuments();

const charts: Array<[string, ChartSpec | null, ChartSpec | null, number]> = [
  ["spend per day", spendPerDayChart(audit!.by_day), spendPerDayChart([]), 30 * 7],
  ["spend by model", spendByModelChart(audit!.by_model), spendByModelChart([]), 8],
  ["token anatomy", tokenAnatomyChart(audit!.tokens), tokenAnatomyChart([]), 5],
  ["strategy costs", strategyCostsChart(simulate!.traffic!.strategies), strategyCostsChart([]), 5],
  ["routed by app", routedByAppChart(simulate!.traffic!.by_app), routedByAppChart([]), 8],
  ["cascade", cascadeChart(cascade!), cascadeChart({ frontiers: [], thresholds: [] }), 40],
  ["frontier", frontierChart(model!.frontier, 0.98), frontierChart([], 0.98), 21],
  ["reliability", reliabilityChart(model!.reliability), reliabilityChart([]), 20],
  ["cache shares", cacheSharesChart(cache_replay!.curve), cacheSharesChart([]), 3],
  ["cache net", cacheNetChart(cache_replay!.curve), cacheNetChart([]), 3],
  ["shadow mix", shadowMixChart(shadow!.mix), shadowMixChart([]), 3],
  [
    "shadow band",
    shadowBandChart(shadow!.response!),
    shadowBandChart({ ...shadow!.response!, looks: [] }),
    2 * shadow!.response!.looks.length,
  ],
  ["shadow slices", shadowSlicesChart(shadow!.response!.slices.rows, 0.05), shadowSlicesChart([], 0.05), 4],
];

describe("every chart", () => {
  it.each(charts)("%s draws its marks at both widths", async (name, spec, _, marks) => {
    const { wide, narrow } = await renderChart(chartOf(name, spec!));
    for (const svg of [wide, narrow]) {
      const paths = svg.match(/<path[^>]* d="M[^"]+"/g) ?? [];
      expect(paths.length).toBeGreaterThanOrEqual(marks);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(wide).toContain('width="760"');
    expect(narrow).toContain('width="340"');
  });

  it.each(charts)("%s has no picture for no rows", (_, __, empty) => {
    expect(empty).toBeNull();
  });

  it.each(charts)("%s has titled quantitative axes and tooltips", (_, spec) => {
    const views = [spec!, ...(spec!.layer ?? [])];
    const quantities = views.flatMap(({ encoding }) =>
      [encoding?.x, encoding?.y].filter((channel) => channel?.type === "quantitative"),
    );
    expect(quantities.length).toBeGreaterThan(0);
    for (const channel of quantities) expect(channel!.title).toBeTruthy();
    expect(views.some(({ encoding }) => (encoding?.tooltip?.length ?? 0) > 0)).toBe(true);
  });

  it("gives the same text however often it is drawn", async () => {
    const chart = chartOf("strategies", strategyCostsChart(simulate!.traffic!.strategies)!);
    expect(await renderChart(chart)).toEqual(await renderChart(chart));
  });
});

describe("hostile names in a chart", () => {
  it("stay text in the static picture", async () => {
    const rows = audit!.by_model.map((row, i) => ({ ...row, key: hostileNames[i % hostileNames.length]! }));
    const { wide } = await renderChart(chartOf("hostile", spendByModelChart(rows)!));
    expect(wide).not.toMatch(/<(?:script|img|b)\b/i);
    expect(wide.match(/<svg/g)).toHaveLength(1);
  });
});

describe("keepLargest", () => {
  const rows = [..."abcdefgh"].map((key, i) => ({ key, usd: i }));
  it("keeps all when they fit", () => {
    expect(keepLargest(rows, { key: (row) => row.key, amount: (row) => row.usd, count: 8 })).toEqual({
      kept: ["h", "g", "f", "e", "d", "c", "b", "a"],
      rest: 0,
    });
  });
  it("gives the last place to the rest together", () => {
    expect(keepLargest(rows, { key: (row) => row.key, amount: (row) => row.usd, count: 3 })).toEqual({
      kept: ["h", "g"],
      rest: 6,
    });
  });
});

describe("spend per day", () => {
  it("keeps every dollar when models are folded together", () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      day: `2025-06-${String((i % 4) + 1).padStart(2, "0")}`,
      model: `m${i}`,
      usd: 1 + i,
      requests: 1,
      unpriced_requests: 0,
    }));
    const values = spendPerDayChart(rows)!.data.values;
    expect(values.reduce((sum, row) => sum + Number(row.usd), 0)).toBe(820);
    expect(new Set(values.map((row) => row.model)).size).toBe(7);
    expect(values.length).toBeLessThanOrEqual(4 * 7);
  });

  it("goes over to weeks and months as the span grows", () => {
    const spanOf = (days: number) =>
      spendPerDayChart(
        Array.from({ length: days }, (_, i) => ({
          day: new Date(Date.UTC(2022, 0, 1 + i)).toISOString().slice(0, 10),
          model: "m",
          usd: 1,
          requests: 1,
          unpriced_requests: 0,
        })),
      )!.encoding!.x!.timeUnit;
    expect([spanOf(31), spanOf(365), spanOf(1_000)]).toEqual([
      "utcyearmonthdate",
      "utcyearweek",
      "utcyearmonth",
    ]);
  });
});

describe("the frontier", () => {
  it("draws a bounded number of points, the first and the last among them", () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      threshold: i / 19_999,
      strong_share: i / 19_999,
      usd: i,
      quality: 0.5,
      retention_low: 0.5,
    }));
    const values = frontierChart(rows, 0.98)!.data.values;
    expect(values).toHaveLength(300);
    expect([values[0]!.usd, values.at(-1)!.usd]).toEqual([0, 19_999]);
  });
});

describe("the certified point", () => {
  const rows = [
    { threshold: 0.1, strong_share: 0.1, usd: 1, quality: 0.99, retention_low: 0.985 },
    { threshold: 0.3, strong_share: 0.3, usd: 3, quality: 0.985, retention_low: 0.97 },
    { threshold: 0.5, strong_share: 0.5, usd: 5, quality: 0.98, retention_low: 0.981 },
    { threshold: 0.9, strong_share: 0.9, usd: 9, quality: 0.99, retention_low: 0.99 },
  ];
  it("is the loosest before the first lower bound that misses the promise, whatever passes later", () => {
    expect(certifiedPoint(rows, 0.98)?.threshold).toBe(0.5);
  });
  it("is the loosest of all when every bound keeps it", () => {
    expect(certifiedPoint(rows, 0.9)?.threshold).toBe(0.1);
  });
  it("is absent when the strictest misses it", () => {
    expect(certifiedPoint(rows, 0.995)).toBeNull();
  });
});

describe("axis labels", () => {
  it("tell close ticks apart", async () => {
    const rows = [0.9951, 0.9957, 0.9963].map((value, i) => ({
      strategy: `s${i}`,
      label: `s${i}`,
      usd: { value: 0.2 * i, low: 0.2 * i, high: 0.2 * i, method: "", n: 1 },
      saving: null,
      retention: { value, low: value, high: value, method: "", n: 1 },
      strong_share: 0,
    }));
    const { wide } = await renderChart(chartOf("close", strategyCostsChart(rows)!));
    const labels = [...wide.matchAll(/<text[^>]*>([$\d][^<]*)<\/text>/g)].map((match) => match[1]!);
    expect(labels.length).toBeGreaterThan(8);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).toContain("$0.10");
  });
});

function chartOf(name: string, spec: ChartSpec): Chart {
  return { id: `chart-${name.replaceAll(" ", "-")}`, title: name, description: name, spec };
}
