import fc from "fast-check";
import { expect, test } from "vitest";
import { type LogFacts, layOutLog } from "../../../pipelines/levers/laid-out-log.js";
import { defaultOrder, type LeverName, leverNames, levers } from "../../../pipelines/levers/levers.js";
import { measureLevers } from "../../../pipelines/levers/measure-levers.js";
import { priceLog, rememberReads } from "../../../pipelines/levers/price-log.js";
import { emptyReplay } from "../../../pipelines/replay/read-replay.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const rates = [1e-6, 10e-6].map((input) => ({
  windows: [
    {
      from: 0,
      tiers: [
        { minInputTokens: 0, input, cacheRead: input / 10, cacheWrite: 1.25 * input, output: 4 * input },
      ],
    },
  ],
  batchRatio: 0.5,
}));
const prices = { rates, lookupUsd: 0, routerUsd: 0, prefixTtlUs: 300e6, minPrefixTokens: 1024 };

const attempt = fc
  .record({
    session: fc.integer({ min: 0, max: 3 }),
    logical: fc.integer({ min: 0, max: 30 }),
    attemptNo: fc.integer({ min: 1, max: 3 }),
    served: fc.integer({ min: -1, max: 1 }),
    chosen: fc.integer({ min: 0, max: 1 }),
    isSuccess: fc.boolean(),
    isBatch: fc.boolean(),
    isUnknown: fc.boolean(),
    inputTokens: fc.integer({ min: 0, max: 6000 }),
    readShare: fc.constantFrom(0, 0, 0.5, 1),
    prompt: fc.integer({ min: -1, max: 5 }),
    isBatchable: fc.boolean(),
    escalates: fc.constantFrom(Number.NaN, 0, 0.3, 1),
    markup: fc.constantFrom(0, 0.05),
    discount: fc.constantFrom(1, 0.6),
  })
  .map(({ readShare, discount, isUnknown, ...row }) => {
    const reads = Math.floor(row.inputTokens * readShare);
    const isReplayed = row.isSuccess && row.served >= 0 && !isUnknown;
    const usd = [1e-6, 10e-6].map((input, model) => {
      const cached = model === row.served ? reads : 0;
      return (row.inputTokens - 0.9 * cached + 200) * input * discount;
    });
    const fields: ReplayedAttempt = {
      ...row,
      isUnknown,
      cacheReadTokens: reads,
      billed: isUnknown ? Number.NaN : (usd[row.served] ?? 0.01),
      ...(isReplayed ? { usd } : { isReplayed: false }),
    };
    return { fields, ...row };
  });

function laidOut(rows: ReadonlyArray<ReturnType<typeof attemptOf>>) {
  const replay = replayData(
    ["small", "large"],
    rows.map(({ fields }) => fields),
  );
  const facts: LogFacts = {
    rates,
    isBatchable: Uint8Array.from(rows, ({ isBatchable, isSuccess, isBatch }) =>
      Number(isBatchable && isSuccess && !isBatch),
    ),
    markup: Float64Array.from(rows, ({ markup }) => markup),
    cascade: {
      first: 0,
      // biome-ignore lint/suspicious/noThenProperty: the place of a model, which nobody calls
      then: 1,
      escalates: Float64Array.from(rows, ({ escalates }) => escalates),
      gateUsd: new Float64Array(rows.length).fill(1e-5),
    },
    trimTo: 3000,
    answerTtlUs: 86_400e6,
  };
  const log = layOutLog(replay, facts);
  rememberReads(log, prices);
  return { replay, facts, log };
}

type Planted = typeof attempt extends fc.Arbitrary<infer T> ? T : never;
function attemptOf(row: Planted): Planted {
  return row;
}

const logs = fc.array(attempt, { maxLength: 24 });
const subsets = Array.from({ length: 2 ** leverNames.length }, (_, bits) =>
  leverNames.filter((_, i) => (bits >> i) & 1),
);
const partsOf = (names: readonly LeverName[]) => names.reduce((parts, name) => parts | levers[name].parts, 0);

test("under every set of levers the total is the sum of one cost per attempt, none negative", () => {
  fc.assert(
    fc.property(logs, (rows) => {
      const { log } = laidOut(rows);
      for (const names of subsets) {
        const byPlace = new Float64Array(log.size);
        const bySession = new Float64Array(log.sessions);
        const { usd } = priceLog(log, prices, partsOf(names), { byPlace, bySession });
        expect(Math.abs(usd - byPlace.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(1e-9);
        expect(Math.abs(usd - bySession.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(1e-9);
        expect(byPlace.every((cost) => cost >= 0)).toBe(true);
      }
    }),
    { numRuns: 60, seed: 7 },
  );
});

test("with no lever it is the bill, to the bit", () => {
  fc.assert(
    fc.property(logs, (rows) => {
      const { log } = laidOut(rows);
      const byPlace = new Float64Array(log.size);
      expect(priceLog(log, prices, 0, { byPlace }).changed).toBe(0);
      expect(byPlace).toEqual(log.billed);
    }),
    { seed: 8 },
  );
});

test("the steps add up to billed minus projected within 1e-9, in whatever order and choice", () => {
  const orders = fc.shuffledSubarray([...leverNames]);
  fc.assert(
    fc.property(logs, orders, (rows, order) => {
      const { replay, facts } = laidOut(rows);
      const result = measureLevers(replay, { ...facts, lookupUsd: 0.0001, routerUsd: 0.0001, order });
      const steps = result.waterfall.reduce((sum, { change }) => sum + change.value, 0);
      expect(Math.abs(result.billed_usd - result.projected_usd + steps)).toBeLessThanOrEqual(1e-9);
      expect(result.saving.value).toBe(result.billed_usd - result.projected_usd);
    }),
    { numRuns: 200, seed: 9 },
  );
});

test("the order moves money between steps, never the projection", () => {
  fc.assert(
    fc.property(
      logs,
      fc.shuffledSubarray([...defaultOrder], { minLength: defaultOrder.length }),
      (rows, order) => {
        const { replay, facts } = laidOut(rows);
        expect(measureLevers(replay, { ...facts, order }).projected_usd).toBe(
          measureLevers(replay, facts).projected_usd,
        );
      },
    ),
    { numRuns: 100, seed: 10 },
  );
});

/** Levers that only ever take away from an attempt's cost; a change of model or an answer that isn't asked for may raise another's. */
const takers: readonly LeverName[] = ["markup", "batch", "oversize", "retries"];

test("two levers that take from the same cost never save more together than each alone", () => {
  const simple = logs.map((rows) =>
    rows.map((row) => ({ ...row, fields: { ...row.fields, session: undefined } as ReplayedAttempt })),
  );
  fc.assert(
    fc.property(simple, (rows) => {
      const { log } = laidOut(rows);
      const saved = (names: readonly LeverName[]) =>
        priceLog(log, prices, 0).usd - priceLog(log, prices, partsOf(names)).usd;
      const both: readonly LeverName[] = [...takers, "exact_cache"];
      for (const a of both) {
        for (const b of both) {
          expect(saved([a, b])).toBeLessThanOrEqual(saved([a]) + saved([b]) + 1e-12);
          expect(saved([a, b])).toBeGreaterThanOrEqual(Math.max(saved([a]), saved([b])) - 1e-12);
        }
      }
    }),
    { numRuns: 200, seed: 11 },
  );
});

test("a pair's overlap is what the sum of each alone would count twice", () => {
  const rows = [
    { prompt: 1, usd: [1, 10], chosen: 0 },
    { prompt: 1, usd: [1, 10], chosen: 0 },
  ];
  const result = measureLevers(replayData(["small", "large"], rows), { lookupUsd: 0 });
  const [pair] = result.overlaps.filter(({ levers: names }) => names.join() === "exact_cache,router");
  // alone: a hit saves 10, the router 18; together 10 (the hit) + 9 (the other, moved)
  expect(pair).toEqual({ levers: ["exact_cache", "router"], together_usd: 19, overlap_usd: 9 });
});

test("a million costs of all sizes still add up to 1e-9", () => {
  const rows = 1_000_000;
  const large = { ...emptyReplay(rows, ["small", "large"]), sessions: rows / 4 };
  let exact = 0n;
  for (let row = 0; row < rows; row++) {
    const nano = ((row * 7919) % 10_007) * 110 + (row % 997 === 0 ? 3_300_000_000 : 0);
    exact += BigInt(nano);
    large.session[row] = row >> 2;
    large.logical[row] = row;
    large.attemptNo[row] = 1;
    large.createdAt[row] = 1.7e15 + row * 1e6;
    large.prompt[row] = row % 900_000;
    large.served[row] = 1;
    large.chosen[row] = row % 2;
    large.inputTokens[row] = 100;
    large.usd[row] = nano / 9e9;
    large.usd[rows + row] = nano / 1e9;
    large.billed[row] = nano / 1e9;
  }
  large.isReplayed.fill(1);
  large.isSuccess.fill(1);
  const result = measureLevers(large, { isBatchable: new Uint8Array(rows).fill(1), rates, ttlHours: 1e6 });
  expect(Math.abs(result.billed_usd - Number(exact) / 1e9)).toBeLessThan(1e-9);
  const steps = result.waterfall.reduce((sum, { change }) => sum + change.value, 0);
  expect(Math.abs(result.billed_usd - result.projected_usd + steps)).toBeLessThanOrEqual(1e-9);
  expect(result.waterfall.filter(({ change }) => change.value < 0)).toHaveLength(3);
}, 60_000);
