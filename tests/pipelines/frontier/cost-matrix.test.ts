import { expect, test } from "vitest";
import { costMatrix } from "../../../pipelines/frontier/cost-matrix.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const models = ["small", "large"];

test("cells count failed attempts in the tier of their request, and unknown bills beside the known", () => {
  const attempts: ReplayedAttempt[] = [
    {
      app: "a",
      tier: 1,
      served: 1,
      usd: [1, 4],
      sufficiency: [0.7, 1],
      latency: 100,
      logical: 0,
      attemptNo: 2,
    },
    { app: "a", served: 1, isSuccess: false, billed: 2, logical: 0, latency: 9999 },
    { app: "a", tier: 1, served: 1, usd: [1, 6], sufficiency: [0.7, 1], latency: 300, logical: 1 },
    { app: "a", served: 1, isUnknown: true, logical: 1 },
    {
      app: "a",
      tier: 0,
      served: 0,
      usd: [1, 6],
      sufficiency: [0.75, 1],
      logical: 2,
      isBatch: true,
      latency: 5,
    },
    { served: -1, billed: 100 },
    { served: 0, isSuccess: false, billed: 0, logical: 6 },
  ];
  const [dear, cheap, unnamed, ...rest] = costMatrix(replayData(models, attempts));
  expect(rest).toEqual([]);
  expect(dear).toMatchObject({
    app: "a",
    tier: 1,
    model: "large",
    requests: 4,
    usd: 12,
    unpriced_requests: 1,
  });
  expect(dear!.success!.value).toBeCloseTo(3 / 4, 12);
  expect(dear!.usd_per_success!.value).toBeCloseTo(12 / 3, 12);
  expect(dear).toMatchObject({ p50_ms: 200, latency_n: 2 });
  expect(dear!.sufficiency!.value).toBe(1);
  expect(cheap).toMatchObject({ app: "a", tier: 0, model: "small", requests: 1, usd: 1, p95_ms: null });
  expect(cheap!.sufficiency!.value).toBe(0.75);
  expect(unnamed).toMatchObject({ app: "(not logged)", tier: null, requests: 1, usd_per_success: null });
});

test("the largest cells keep their lines, and the last stands for the others", () => {
  const attempts = Array.from({ length: 9 }, (_, i) => ({
    app: `app${i}`,
    served: 1,
    billed: 10 - i,
    tier: 0,
  }));
  const cells = costMatrix(replayData(models, attempts), 4);
  expect(cells.map(({ app, usd, cells: count }) => [app, usd, count])).toEqual([
    ["app0", 10, 1],
    ["app1", 9, 1],
    ["app2", 8, 1],
    ["other", 27, 6],
  ]);
});

test("a log without attempts has no cells", () => {
  expect(costMatrix(replayData(models, []))).toEqual([]);
});
