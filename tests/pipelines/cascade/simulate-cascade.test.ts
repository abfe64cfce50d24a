import { describe, expect, it } from "vitest";
import type { CascadeResult, CascadeRow, CascadeTake } from "../../../datasets/cascade-result.js";
import { InputError } from "../../../datasets/errors.js";
import { simulateCascade } from "../../../pipelines/cascade/simulate-cascade.js";
import { cascadeModels, cascadeWorld, replayedWorld } from "../../support/cascade-world.js";
import { replayData } from "../../support/replay-data.js";
import { handReplay } from "./hand-replay.js";

const gate = { tpr: 0.9, tnr: 0.8, usd: 0.01, ms: 50 };

function rowOf(
  result: CascadeResult,
  strategy: CascadeRow["strategy"],
  takes: CascadeTake | null,
): CascadeRow {
  return result.strategies.find((row) => row.strategy === strategy && row.takes === takes)!;
}

describe("simulateCascade, by hand", () => {
  const result = simulateCascade(replayedWorld(handReplay()), { gate, askFrom: 0 });

  it("keeps the baselines as they are", () => {
    expect(rowOf(result, "always_strong", null).usd!.value).toBeCloseTo(5, 12);
    expect(rowOf(result, "router", null).usd!.value).toBeCloseTo(4.1, 12);
    expect(rowOf(result, "router", null).retention!.value).toBeCloseTo((1 + 1 + 0.95 + 1) / 4, 12);
  });

  it("asks first what the router sends to the large model, and leaves batch calls alone", () => {
    const row = rowOf(result, "cascade", "routed");
    expect(row.usd!.value).toBeCloseTo(0.11 + 0.45 + (0.11 + 0.8 * 2) + 0.1 + 1, 12);
    expect(row.retention!.value).toBeCloseTo((0.9 + 0.8 + 0.95 + 1) / 4, 12);
    expect(row.escalated!.value).toBeCloseTo((0.45 + 0.8) / 2, 12);
    expect(row.strong_share!.value).toBeCloseTo((0.45 + 0.8 + 1) / 4, 12);
    // the batch call's hours don't count; a rejected answer waits for both models and the gate
    expect(row.mean_ms!.value).toBeCloseTo((150 + 0.45 * 300 + (150 + 0.8 * 300) + 100) / 3, 9);
  });

  it("asks first everywhere when it takes every call", () => {
    const row = rowOf(result, "cascade", "all");
    expect(row.usd!.value).toBeCloseTo(0.11 + 0.45 + (0.11 + 0.8 * 2) + (0.11 + 0.135) + 1, 12);
    expect(row.retention!.value).toBeCloseTo((0.9 + 0.8 + 0.99 + 1) / 4, 12);
  });

  it("bills a race's aborted call for its input and what was streamed, a call that doesn't stream in full", () => {
    const row = rowOf(result, "race", "routed");
    // half of the large model's price is output; at 150 ms a quarter of it is there
    const billed = 0.5 + 0.5 * 0.25;
    const stream = 0.11 + 0.45 * 1 + 0.55 * billed;
    expect(row.usd!.value).toBeCloseTo(stream + (0.11 + 2) + 0.1 + 1, 12);
    expect(row.retention).toEqual(rowOf(result, "cascade", "routed").retention);
    expect(row.mean_ms!.value).toBeCloseTo((150 + 0.45 * 150 + (150 + 0.8 * 150) + 100) / 3, 9);
    expect(row.p95_ms).toBe(300);
  });

  it("bills every aborted call in full where the provider doesn't stop", () => {
    const full = simulateCascade(replayedWorld(handReplay()), { gate, askFrom: 0, billing: "full" });
    expect(rowOf(full, "race", "routed").usd!.value).toBeCloseTo(1.11 + 2.11 + 0.1 + 1, 12);
    expect(full.abort).toEqual({ billing: "full", stopped_share: 0, billed_share: 1 });
  });

  it("sends what is less sure than the setting to the strong model at once", () => {
    const half = simulateCascade(replayedWorld(handReplay()), { gate, askFrom: 0.5 });
    expect(rowOf(half, "cascade", "routed").usd!.value).toBeCloseTo(0.56 + 2 + 0.1 + 1, 12);
    expect(rowOf(half, "cascade", "all").usd!.value).toBeCloseTo(0.56 + 2 + 0.245 + 1, 12);
  });

  it("bounds every gate by one that never errs, costs nothing and takes no time", () => {
    const limit = rowOf(simulateCascade(replayedWorld(handReplay(), 0.9)), "limit", "routed");
    // the second call is surely insufficient, so it goes to the large model at once: that saves its 0.1
    expect(limit.usd!.value).toBeCloseTo(0.1 + 0.5 + 2 + 0.1 + 1, 12);
    expect(limit.retention!.value).toBeCloseTo((1 + 1 + 0.95 + 1) / 4, 12);
  });
});

describe("simulateCascade", () => {
  it("makes no rate up: without a measured gate only bounds are known", () => {
    const result = simulateCascade(replayedWorld(handReplay()));
    expect(result.gate).toBeNull();
    expect(result.gate_missing).toContain("label calibrate");
    expect(new Set(result.strategies.map(({ strategy }) => strategy))).toEqual(
      new Set(["always_strong", "router", "limit"]),
    );
    expect(result.frontiers).toEqual([]);
  });

  it("leaves the cost open, not zero, while the gate's price is unknown, and says what price breaks even", () => {
    const given = { tpr: 0.95, tnr: 0.9, ms: 50 };
    const result = simulateCascade(replayedWorld(cascadeWorld(1)), { gate: given });
    const row = rowOf(result, "cascade", "all");
    expect([row.usd, row.saving, row.versus_router_usd]).toEqual([null, null, null]);
    const even = row.break_even_gate_usd!;
    expect(even).toBeGreaterThan(0);
    const atEven = simulateCascade(replayedWorld(cascadeWorld(1)), {
      gate: { ...given, usd: even },
      askFrom: 0,
    });
    expect(rowOf(atEven, "cascade", "all").versus_router_usd!.value).toBeCloseTo(0, 10);
  });

  it("leaves times open while the gate's are unknown, and bills aborted calls in full then", () => {
    const result = simulateCascade(replayedWorld(cascadeWorld(1)), { gate: { ...gate, ms: undefined } });
    const race = rowOf(result, "race", "all");
    expect([race.mean_ms, race.p50_ms, race.p95_ms]).toEqual([null, null, null]);
    expect(result.abort.billed_share).toBe(1);
  });

  it("recommends the cheapest setting that keeps the promise at the gate's lower limit", () => {
    const [promise, measured] = [0.93, { ...gate, usd: 1e-5, measuredOn: 100 }];
    const result = simulateCascade(replayedWorld(cascadeWorld(2, 400), promise), { gate: measured });
    for (const { points, recommended } of result.frontiers) {
      expect(recommended!.retention_low).toBeGreaterThanOrEqual(promise);
      const cheaper = points.filter((point) => point.usd! < recommended!.usd! - 1e-12);
      expect(cheaper.length).toBeGreaterThan(0);
      for (const point of cheaper) expect(point.retention_low).toBeLessThan(promise);
    }
  });

  it("recommends nothing, and says that it does not pay, with a useless gate", () => {
    const useless = { tpr: 0.5, tnr: 0.5, usd: 0.01, ms: 50 };
    const result = simulateCascade(replayedWorld(cascadeWorld(2, 400)), { gate: useless });
    for (const { recommended, verdict } of result.frontiers) {
      expect(recommended).toBeNull();
      expect(verdict).toContain("costs more than a confidence threshold");
      expect(verdict).toContain("No setting keeps 95.0 %");
    }
  });

  it("has frontier points that agree with the strategy worked out at the same setting", () => {
    const world = replayedWorld(cascadeWorld(3, 200));
    const [frontier] = simulateCascade(world, { gate }).frontiers;
    const point = frontier!.points[7]!;
    const row = rowOf(simulateCascade(world, { gate, askFrom: point.ask_from! }), "cascade", "routed");
    expect(row.usd!.value).toBeCloseTo(point.usd!, 9);
    expect(row.retention!.value).toBeCloseTo(point.retention, 9);
    expect(row.strong_share!.value).toBeCloseTo(point.strong_share, 9);
  });

  it("is the same document for the same inputs", () => {
    const once = () => JSON.stringify(simulateCascade(replayedWorld(cascadeWorld(4)), { gate }));
    expect(once()).toBe(once());
  });

  it.each([
    ["half a gate", { gate: { tpr: 0.9 } }],
    ["a first model that the policy lacks", { first: "other" }],
    ["the strong model first", { first: "large" }],
  ])("refuses %s", (_, options) => {
    expect(() => simulateCascade(replayedWorld(handReplay()), options)).toThrow(InputError);
  });

  const answered = { usd: [0.1, 1], sufficiency: [0.5, 1] } as const;
  it.each([
    ["no rows", replayData(cascadeModels, []), 0],
    ["nothing replayed", replayData(cascadeModels, [{ isSuccess: false }, { isReplayed: false }]), 0],
    ["one model", replayData(["large"], [{ usd: [1], sufficiency: [1] }]), 1],
    [
      "no confidence in the first model",
      replayData(cascadeModels, [{ ...answered, sufficiency: [Number.NaN, 1] }]),
      0,
    ],
    ["a price that isn't known", replayData(cascadeModels, [{ ...answered, usd: [Number.NaN, 1] }]), 0],
    [
      "one session",
      replayData(cascadeModels, [
        { ...answered, session: 0 },
        { ...answered, session: 0 },
      ]),
      2,
    ],
    ["times that aren't numbers", replayData(cascadeModels, [{ ...answered, latency: Number.NaN }]), 1],
    ["an unknown bill", replayData(cascadeModels, [{ ...answered, billed: Number.NaN }]), 1],
  ])("holds with %s", (_, replay, requests) => {
    const result = simulateCascade(replayedWorld(replay), { gate });
    expect(result.requests).toBe(requests);
    expect(result.coverage.reduce((sum, line) => sum + line.requests, 0)).toBe(replay.rows);
    for (const { usd, mean_ms: ms } of result.strategies) {
      if (usd) expect(Number.isFinite(usd.value)).toBe(true);
      expect(ms === null || Number.isFinite(ms.value)).toBe(true);
    }
  });

  it("counts an unknown price, and adds it to no sum", () => {
    const replay = replayData(cascadeModels, [
      answered,
      { isReplayed: false, isUnknown: true },
      { billed: 3, served: -1 },
    ]);
    expect(simulateCascade(replayedWorld(replay)).coverage).toEqual([
      { evidence: "replayed", requests: 1, usd: 1 },
      { evidence: "measured", requests: 1, usd: 3 },
      { evidence: "unknown", requests: 1, usd: 0 },
    ]);
  });
});
