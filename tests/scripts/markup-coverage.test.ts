import { expect, test } from "vitest";
import { plantedWorld } from "../../datasets/synthetic/planted-world.js";
import { limitHeadlines } from "../../scripts/bench/headlines/limit-headlines.js";
import { markupHeadlines } from "../../scripts/bench/headlines/markup-headlines.js";
import { measureHeadlines } from "../../scripts/bench/headlines/measure-headlines.js";

/** Of 20 seeds, a true 95 % covers 15 or more with a probability of 0.9997. The full measurement is bench:coverage. */
test("a saving that carries what markup infers holds the saving of a gateway that charges every model", () => {
  const rows = measureHeadlines({
    world: plantedWorld,
    groups: [markupHeadlines, limitHeadlines],
    seeds: 20,
    sessions: 200,
    worldSessions: 8_000,
    worldLogs: 0,
  });
  const rowOf = (name: string) => rows.find(({ estimate }) => estimate === name)!;
  const [carried, naive] = [rowOf("router_saving_marked_up"), rowOf("router_saving_if_marked_up")];
  expect(carried.truth).toBe(naive.truth);
  expect(carried.covered).toBeGreaterThanOrEqual(15 / 20);
  expect(naive.bias - carried.bias).toBeGreaterThan(0.02);
}, 120_000);
