import { beforeAll, expect, test } from "vitest";
import { plantedWorld } from "../../datasets/synthetic/planted-world.js";
import { cascadeHeadlines } from "../../scripts/bench/headlines/cascade-headlines.js";
import { leverHeadlines } from "../../scripts/bench/headlines/lever-headlines.js";
import { limitHeadlines } from "../../scripts/bench/headlines/limit-headlines.js";
import { type HeadlineCoverage, measureHeadlines } from "../../scripts/bench/headlines/measure-headlines.js";
import { strategyHeadlines } from "../../scripts/bench/headlines/strategy-headlines.js";

/** Of 40 seeds, a true 95 % covers 33 or more with a probability of 0.9993, and independent intervals of this world hardly ever do. The full
 * measurement is bench:coverage. */
const size = { world: plantedWorld, seeds: 40, sessions: 300, worldSessions: 8_000, worldLogs: 60 };
const least = 33 / 40;

let found: Map<string, HeadlineCoverage>;

beforeAll(() => {
  const rows = measureHeadlines({ ...size, groups: [strategyHeadlines, leverHeadlines, cascadeHeadlines] });
  found = new Map(rows.map((row) => [row.estimate, row]));
}, 120_000);

test("intervals of every strategy hold the planted truth", () => {
  const strategies = ["billed", "always_strong", "best_single", "length", "cost_matched_random", "router"];
  const figures = ["usd", "usd_per_request", "usd_per_mtok", "saving", "saving_of_strong", "retention"];
  for (const strategy of strategies) {
    for (const figure of [...figures, "latency_change_ms"]) {
      const row = found.get(`${strategy}_${figure}`);
      if (row !== undefined) expect.soft(row.covered, row.estimate).toBeGreaterThanOrEqual(least);
    }
  }
  expect(found.has("router_saving")).toBe(true);
  expect(found.has("router_latency_change_ms")).toBe(true);
});

test("an analyst who takes requests for independent misses it", () => {
  for (const key of ["billed_usd", "router_saving", "always_cheapest_retention", "router_latency_change_ms"])
    expect.soft(found.get(key)!.coveredIndependent, key).toBeLessThan(least);
});

test("intervals of levers, the waterfall and cascades hold the planted truth", () => {
  for (const key of [
    "levers_saving",
    "lever_exact_cache",
    "lever_router",
    "waterfall_router_price",
    "waterfall_router_fee",
    "cascade_routed_saving",
    "cascade_all_retention",
    "cascade_all_usd",
    "verification_usd",
    "verification_stakes_share",
  ])
    expect.soft(found.get(key)!.covered, key).toBeGreaterThanOrEqual(least);
});

test("no interval of sampling holds what the router believes wrongly, or what the gateway would add", () => {
  const rows = measureHeadlines({
    ...size,
    world: { ...plantedWorld, overconfidence: 1 },
    groups: [limitHeadlines],
  });
  const overconfident = rows.find(({ estimate }) => estimate === "overconfident_router_retention")!;
  expect(overconfident.covered).toBeLessThan(0.2);
  expect(overconfident.bias).toBeGreaterThan(0.03);
  expect(rows.find(({ estimate }) => estimate === "router_saving_if_marked_up")!.bias).toBeGreaterThan(0.02);
}, 60_000);
