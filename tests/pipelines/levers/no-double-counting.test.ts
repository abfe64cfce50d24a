import fc from "fast-check";
import { expect, test } from "vitest";
import { layOutBill } from "../../../pipelines/levers/gateway-bill.js";
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

/** Three gateways: a share, a fee, and both, the share another one on the large model than on the small one. */
const gateways = [
  { billed: { markup: 0.05, fee_usd: 0 }, on: [{ markup: 0.05, fee_usd: 0 }, null] },
  { billed: { markup: 0, fee_usd: 0.002 }, on: [0, 1].map(() => ({ markup: 0, fee_usd: 0.002 })) },
  {
    billed: { markup: 0.2, fee_usd: 0.001 },
    on: [0.1, 0.2].map((markup) => ({ markup, fee_usd: 0.001 })),
  },
];

/** What the gateway of an attempt adds to its cost on a model; to its bill where the model is the one that answered. */
function termsOf({ gateway, served }: { gateway: number; served: number }, model: number) {
  const terms = gateways[gateway];
  return (model === served ? terms?.billed : terms?.on[model]) ?? { markup: 0, fee_usd: 0 };
}

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
    gateway: fc.integer({ min: -1, max: gateways.length - 1 }),
    discount: fc.constantFrom(1, 0.6),
  })
  .map(({ readShare, discount, isUnknown, ...row }) => {
    const reads = Math.floor(row.inputTokens * readShare);
    const isReplayed = row.isSuccess && row.served >= 0 && !isUnknown;
    const usd = [1e-6, 10e-6].map((input, model) => {
      const cached = model === row.served ? reads : 0;
      const { markup, fee_usd: fee } = termsOf(row, model);
      return (row.inputTokens - 0.9 * cached + 200) * input * discount * (1 + markup) + fee;
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
    markup: layOutBill(
      gateways,
      2,
      Int32Array.from(rows, ({ gateway }) => gateway),
    ),
    cascade: {
      first: 0,
      second: 1,
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

test("under every set of levers it is what each attempt's cost is, worked out anew from the rules", () => {
  const apart = logs.map((rows) =>
    rows.map((row) => ({ ...row, fields: { ...row.fields, session: undefined } })),
  );
  fc.assert(
    fc.property(apart as fc.Arbitrary<Planted[]>, (rows) => {
      const { log } = laidOut(rows);
      for (const names of subsets) {
        const { usd } = priceLog(log, { ...prices, lookupUsd: 0.002, routerUsd: 0.001 }, partsOf(names));
        const anew = rows.reduce((sum, _, i) => sum + costOf(rows, i, new Set(names)), 0);
        expect(Math.abs(usd - anew)).toBeLessThanOrEqual(1e-9);
      }
    }),
    { numRuns: 60, seed: 12 },
  );
});

/** The rules of docs/levers.md for one attempt of a log whose sessions are one attempt long, where no prompt is cached between turns. */
function costOf(rows: readonly Planted[], i: number, on: ReadonlySet<LeverName>): number {
  const row = rows[i]!;
  if (row.fields.isUnknown === true) return 0;
  const isSuperseded = rows.some(
    (other, j) =>
      j !== i &&
      other.logical === row.logical &&
      (other.attemptNo > row.attemptNo || (other.attemptNo === row.attemptNo && j > i)),
  );
  if (on.has("retries") && isSuperseded) return 0;
  const isAsked = isCached(row) && on.has("exact_cache");
  if (isAsked && isHit(rows, i)) return 0.002;
  const lookup = isAsked ? 0.002 : 0;
  const batch = on.has("batch") && row.isBatchable && row.isSuccess && !row.isBatch ? 0.5 : 1;
  const charged = (model: number, usd: number) => {
    const { markup, fee_usd: fee } = termsOf(row, model);
    if (on.has("markup")) return { most: 1, kept: 0, full: Math.max(0, usd - fee) / (1 + markup) };
    return { most: 1 + markup, kept: Math.min(fee, usd), full: usd };
  };
  if (row.fields.usd === undefined) {
    const { full, kept } = charged(row.served, row.fields.billed!);
    return lookup + batch * (full - kept) + kept;
  }
  const fee = on.has("router") ? 0.001 : 0;
  const usdOn = (model: number) => {
    const { full, kept, most } = charged(
      model,
      model === row.served ? row.fields.billed! : row.fields.usd![model]!,
    );
    if (row.isBatch) return full;
    if (!on.has("oversize") || row.inputTokens <= 3000) return (full - kept) * batch + kept;
    const input = model === 0 ? 1e-6 : 10e-6;
    const cached = model === row.served ? row.fields.cacheReadTokens! : 0;
    const list = (row.inputTokens - 0.9 * cached + 4 * 50) * input;
    const cut = row.inputTokens - 3000;
    const scale = Math.min(most, (full - kept) / list);
    const saved = scale * (cut - 0.9 * Math.min(cut, cached)) * input;
    return Math.max(0, full - kept - saved) * batch + kept;
  };
  if (on.has("cascade") && row.escalates >= 0) {
    return lookup + fee + 1e-5 + usdOn(0) + row.escalates * usdOn(1);
  }
  return lookup + fee + usdOn(on.has("router") ? row.chosen : row.served);
}

function isCached(row: Planted): boolean {
  return row.isSuccess && !row.isBatch && row.prompt >= 0 && row.served >= 0;
}

/** All within a minute, answered at once: the first answer of the same prompt by the same model serves all later ones. */
function isHit(rows: readonly Planted[], i: number): boolean {
  const isSame = (row: Planted) =>
    isCached(row) && row.prompt === rows[i]!.prompt && row.served === rows[i]!.served;
  const first = rows.findIndex(isSame);
  return first < i && rows[first]!.logical !== rows[i]!.logical;
}

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
