import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { InputError } from "../../../datasets/errors.js";
import { openPriceBook } from "../../../datasets/prices/price-book.js";
import { planCost } from "../../../models/pricing/plan-cost.js";
import { checkClaims } from "../../../pipelines/claims/check-claims.js";
import { breakEvens } from "../../../pipelines/pricing/break-evens.js";
import { describePlan } from "../../../pipelines/pricing/describe-plan.js";
import { readPlans } from "../../../pipelines/pricing/read-plans.js";
import { callsOf } from "../../models/pricing/plans.js";
import { mutated } from "../../support/mutate-json.js";
import "../../support/fixed-seed.js";

const folder = mkdtempSync(join(tmpdir(), "hostile-"));
const path = join(folder, "file.json");
const options = { book: openPriceBook(), at: Date.UTC(2026, 2, 2) * 1000 };
afterAll(() => rmSync(folder, { recursive: true }));

function read(sample: string): unknown {
  return JSON.parse(readFileSync(sample, "utf8"));
}

/** What a file comes to, or null when it is refused in words. */
function tryOn<Result>(document: unknown, work: () => Result): Result | null {
  writeFileSync(path, JSON.stringify(document) ?? "");
  try {
    return work();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message.length).toBeGreaterThan(path.length + 10);
    return null;
  }
}

const { plans } = read("examples/pricing/plans.json") as { plans: unknown[] };

test("a damaged plan is refused in words, or has a cost, terms and break-evens", () => {
  let accepted = 0;
  fc.assert(
    fc.property(mutated(plans), (plan) => {
      const found = tryOn({ plans: [plan, ...plans.slice(0, 3)] }, () => readPlans(path, options));
      if (found === null) return;
      accepted += 1;
      for (const each of found.plans) {
        expect(planCost(each, callsOf(1000)).usd).toBeGreaterThanOrEqual(0);
        expect(describePlan(each)).not.toBe("");
      }
      const rivals = found.plans.map((each) => ({ plan: each, call: callsOf(1) }));
      expect(breakEvens(rivals, { users: 3, monthDays: 30 })).toHaveLength(6);
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(10);
});

test("a damaged claim is refused in words, or checked", () => {
  const claims = read("examples/claims/mechanisms.json") as unknown[];
  let accepted = 0;
  fc.assert(
    fc.property(mutated(claims), (claim) => {
      const found = tryOn([claim], () => checkClaims(path));
      if (found === null) return;
      accepted += 1;
      expect(["holds", "fails"]).toContain(found.claims[0]!.verdict);
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(10);
});
