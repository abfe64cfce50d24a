import { describe, expect, it } from "vitest";
import { ClusterSums } from "../../../models/reliability/cluster-sums.js";
import { shareFromJackknife } from "../../../models/reliability/share-from-jackknife.js";
import { widerJackknife } from "../../../models/reliability/wider-jackknife.js";

describe("a share near its ends", () => {
  it("stays inside [0, 1] and is not certain where all rows agree", () => {
    const all = shareFromJackknife({ value: 1, low: 1, high: 1 }, { rows: 50, clusters: 20 });
    expect(all.high).toBe(1);
    expect(all.low).toBeCloseTo(20 / (20 + 1.959964 ** 2), 6);
    const near = shareFromJackknife({ value: 0.99, low: 0.97, high: 1.01 }, { rows: 900, clusters: 300 });
    expect(near.high).toBeLessThan(1);
    // 0.0099 / 0.0102^2 = 95 rows' worth: Wilson's lower bound of 94.1 in 95
    expect(near.low).toBeCloseTo(0.9436, 3);
  });

  it.each([
    [{ value: 0.5, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }, 0, 1],
    [{ value: Number.NaN, low: 0, high: 1 }, Number.NaN, Number.NaN],
  ])("knows nothing from %j", (interval, low, high) => {
    expect(shareFromJackknife(interval, { rows: 10, clusters: 1 })).toMatchObject({ low, high });
  });
});

describe("the wider jackknife", () => {
  it("is wider by hours when failures come by the hour", () => {
    const rows = 1_200;
    const clusters = {
      session: Int32Array.from({ length: rows }, (_, row) => row),
      sessions: rows,
      hour: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 100)),
      hours: 12,
    };
    const sums = new ClusterSums(2, clusters);
    for (let row = 0; row < rows; row++) {
      sums.add(0, row, row >= 300 && row < 400 ? 1 : 0);
      sums.add(1, row, 1);
    }
    expect(sums.totals()).toEqual([100, 1_200]);
    const rate = ([failed, all]: readonly number[]) => [failed! / all!];
    const [wide] = widerJackknife(sums, rate);
    const [narrow] = widerJackknife(
      Object.assign(new ClusterSums(2, { ...clusters, hours: 1, hour: new Int32Array(rows) }), {
        bySession: () => sums.bySession(),
      }),
      rate,
    );
    expect(wide!.value).toBeCloseTo(1 / 12, 12);
    expect(wide!.high - wide!.low).toBeGreaterThan(5 * (narrow!.high - narrow!.low));
  });
});
