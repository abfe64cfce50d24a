import { describe, expect, it } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { measureFairness } from "../../../pipelines/fairness/measure-fairness.js";
import type { LabelledAttempts } from "../../../pipelines/misroutes/labelled-attempts.js";
import type { ReplayData } from "../../../pipelines/replay/replay-data.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const models = ["cheap", "strong"];

/** Six tenants of fifty sessions or so; the router sends everything to the cheap model, which keeps 90 % for all but the last, of which it
 * keeps 70 %. The sufficiency of a call scatters about that by session and call. */
function unevenWorld(seed: number): { replay: ReplayData; truths: Record<string, number> } {
  const random = createRandom(seed);
  const truths: Record<string, number> = {};
  const attempts: ReplayedAttempt[] = [];
  for (let session = 0; session < 300; session++) {
    const tenant = session % 6;
    const mean = tenant === 5 ? 0.7 : 0.9;
    truths[`t${tenant}`] = mean;
    const shift = 0.2 * (random.uniform() - 0.5);
    const size = 1 + random.below(4);
    for (let call = 0; call < size; call++) {
      attempts.push({
        session,
        tenant: `t${tenant}`,
        tier: random.below(2),
        chosen: 0,
        usd: [1, 10],
        sufficiency: [mean + shift * 0.9 + 0.02 * (random.uniform() - 0.5), 1],
      });
    }
  }
  return { replay: replayData(models, attempts), truths };
}

describe("slices that fare unlike", () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed + 1);
  const tables = seeds.map((seed) => {
    const { replay, truths } = unevenWorld(seed);
    return { table: measureFairness(replay), truths };
  });
  const least = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / seeds.length);
  const tenants = ({ table }: (typeof tables)[0]) =>
    table.slices.filter(({ dimension }) => dimension === "tenant");
  const everyone = (5 * 0.9 + 0.7) / 6;
  const shareOf = (isHeld: (entry: (typeof tables)[0]) => boolean) =>
    tables.filter(isHeld).length / tables.length;

  it("retention and gaps of all tenants are covered at once", () => {
    const held = shareOf((entry) =>
      tenants(entry).every(({ slice, retention }) => {
        const truth = entry.truths[slice]!;
        return retention.low <= truth && truth <= retention.high;
      }),
    );
    expect(held).toBeGreaterThan(least);
    const gapsHeld = shareOf((entry) =>
      tenants(entry).every(({ slice, gap }) => {
        const truth = entry.truths[slice]! - everyone;
        return gap!.low <= truth && truth <= gap!.high;
      }),
    );
    expect(gapsHeld).toBeGreaterThan(least);
  });

  it("intervals of one slice each would not hold for all at once", () => {
    const alone = shareOf((entry) =>
      tenants(entry).every(({ slice, retention }) => {
        // 95 % for one: the half width, narrowed from the level of eight slices to that of one.
        const half = ((retention.high - retention.low) / 2) * (1.96 / 2.72);
        return Math.abs(retention.value - entry.truths[slice]!) <= half;
      }),
    );
    expect(alone).toBeLessThan(0.88);
  });

  it("the slice that is behind is found, and no other", () => {
    const behind = ({ table }: (typeof tables)[0]) =>
      table.slices.filter(({ status }) => status === "behind").map(({ slice }) => slice);
    expect(shareOf((entry) => behind(entry).includes("t5"))).toBeGreaterThan(0.95);
    expect(shareOf((entry) => behind(entry).some((slice) => slice !== "t5"))).toBeLessThan(0.05);
  });
});

describe("a table by hand", () => {
  const attempts: ReplayedAttempt[] = [
    // Heavy user 0: four calls, two of which go to the cheap model.
    { user: 0, app: "a", chosen: 0, usd: [1, 10], sufficiency: [0.8, 1], latency: 100 },
    { user: 0, app: "a", chosen: 0, usd: [1, 10], sufficiency: [0.6, 1], latency: 100 },
    { user: 0, app: "b", chosen: 1, usd: [1, 10], sufficiency: [0.1, 1], latency: 100 },
    { user: 0, app: "b", chosen: 1, usd: [1, 10], sufficiency: [0.1, 1], latency: 100 },
    // Light user 1: served by the cheap model, sent to the strong one.
    { user: 1, app: "b", served: 0, chosen: 1, usd: [1, 10], sufficiency: [0.2, 1], latency: 40 },
    { user: 2, app: "b", served: 0, chosen: 0, usd: [1, 10], sufficiency: [0.9, 1], latency: 40 },
    { user: 2, isSuccess: false, billed: 3 },
  ];
  const table = measureFairness(replayData(models, attempts), { leastSessions: 2 });
  const slice = (name: string) => table.slices.find((row) => row.slice.startsWith(name))!;

  it("everyone", () => {
    const { retention, retention_billed, saving, saving_usd, weaker_share, stronger_share } = table.everyone!;
    expect(retention.value).toBeCloseTo((0.8 + 0.6 + 1 + 1 + 1 + 0.9) / 6, 12);
    expect(retention_billed).toBeCloseTo((4 + 0.2 + 0.9) / 6, 12);
    expect(saving_usd).toBeCloseTo(18 - 9, 12);
    expect(saving!.value).toBeCloseTo(9 / 42, 12);
    expect([weaker_share, stronger_share]).toEqual([2 / 6, 1 / 6]);
  });

  it("a slice carries its shares of loss and saving", () => {
    const heavy = slice("heavy");
    expect(heavy.attempts).toBe(4);
    expect(heavy.share_of_loss).toBeCloseTo(1, 12);
    expect(heavy.share_of_saving).toBeCloseTo(2, 12);
    expect(slice("light").share_of_saving).toBeCloseTo(-1, 12);
    expect(slice("a").retention.value).toBeCloseTo(0.7, 12);
    expect(slice("a").gap!.value).toBeCloseTo(0.7 - table.everyone!.retention.value, 12);
  });

  it("latency is what the models' logged answers took", () => {
    expect(slice("a").latency_change_ms!.value).toBeCloseTo(-60, 9);
    expect(slice("light").latency_change_ms!.value).toBeCloseTo(30, 9);
  });

  it("a slice with too few sessions has no gap", () => {
    const strict = measureFairness(replayData(models, attempts));
    expect(strict.compared).toBe(0);
    for (const { gap, status } of strict.slices) expect([gap, status]).toEqual([null, "too_few"]);
  });
});

it("labels show a slice on which the router errs", () => {
  const attempts = Array.from({ length: 400 }, (_, i) => ({
    app: i % 2 === 0 ? "fine" : "failing",
    chosen: 0,
    usd: [1, 10],
    sufficiency: [0.9, 1],
  }));
  const rows = Int32Array.from({ length: 200 }, (_, i) => i);
  const labelled: LabelledAttempts = {
    rows,
    weights: new Float64Array(200).fill(2),
    quality: Float64Array.from({ length: 400 }, (_, at) =>
      at >= 200 ? 1 : at % 2 === 0 ? Number(at % 10 !== 0) : Number(at % 3 === 0),
    ),
    corrected: null,
    isRelative: new Uint8Array(200).fill(1),
    isJudged: true,
    ratings: 0,
    note: "",
  };
  const blind = measureFairness(replayData(models, attempts));
  const seeing = measureFairness(replayData(models, attempts), { labelled });
  const status = (table: typeof blind) => table.slices.find(({ slice }) => slice === "failing")!.status;
  expect(status(blind)).toBe("ok");
  expect(status(seeing)).toBe("behind");
  expect(seeing.everyone!.evidence).toBe("combined");
  expect(seeing.labelled).toBe(200);
});

describe("hostile input", () => {
  const cases: ReadonlyArray<[string, ReplayedAttempt[]]> = [
    ["no rows", []],
    ["nothing replayed", [{ billed: 1 }]],
    ["all failed", [{ isSuccess: false }]],
    ["no heads", [{ usd: [1, 10], served: 0, chosen: 0 }]],
  ];
  it.each(cases)("%s: no table, and coverage says why", (_, attempts) => {
    const table = measureFairness(replayData(models, attempts));
    expect(table.everyone).toBeNull();
    expect(table.slices).toEqual([]);
    expect(table.coverage.reduce((sum, line) => sum + line.requests, 0)).toBe(attempts.length);
  });

  it("no latencies: unknown, not 0", () => {
    const attempts = Array.from({ length: 4 }, () => ({ chosen: 0, usd: [1, 10], sufficiency: [0.5, 1] }));
    expect(measureFairness(replayData(models, attempts)).everyone!.latency_change_ms).toBeNull();
  });

  it("one session, one model", () => {
    const attempts = [1, 2].map((usd) => ({ session: 0, usd: [usd], sufficiency: [1] }));
    const { everyone } = measureFairness(replayData(["only"], attempts));
    expect(everyone!.retention.value).toBe(1);
    expect(everyone!.saving!.value).toBe(0);
  });

  it("gives the same document twice", () => {
    const { replay } = unevenWorld(1);
    expect(JSON.stringify(measureFairness(replay))).toBe(JSON.stringify(measureFairness(replay)));
  });
});
