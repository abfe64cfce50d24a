import { describe, expect, it } from "vitest";
import type { StrategyRow } from "../../datasets/results.js";
import {
  baselineRow,
  headlinePopulation,
  isPublishedClaim,
  routerRow,
} from "../../reports/page/known-strategies.js";
import { realisticDocuments } from "./fixtures.js";

const estimate = { value: 0.5, low: 0.4, high: 0.6, method: "measured", n: 10 };

describe("strategy rows", () => {
  it("find the router and the baseline in any order", () => {
    const rows = [
      row("router", { saving: estimate }),
      row("claim", { is_claim: true }),
      row("always_strong", {}),
    ];
    expect(routerRow(rows)).toBe(rows[0]);
    expect(baselineRow(rows)).toBe(rows[2]);
    expect(routerRow([])).toBeNull();
  });

  it("tell our own rows from published claims", () => {
    expect(isPublishedClaim(row("router", {}))).toBe(false);
    expect(isPublishedClaim(row("published", { is_claim: true }))).toBe(true);
  });
});

describe("the headline's population", () => {
  it("is the traffic, else the outcomes, else none", () => {
    const { simulate } = realisticDocuments();
    expect(headlinePopulation(simulate)?.kind).toBe("traffic");
    expect(headlinePopulation({ ...simulate!, traffic: null })?.kind).toBe("outcomes");
    expect(headlinePopulation({ ...simulate!, traffic: null, outcomes: null })).toBeNull();
    expect(headlinePopulation(null)).toBeNull();
  });
});

function row(strategy: string, fields: Partial<StrategyRow>): StrategyRow {
  return {
    strategy,
    label: strategy,
    usd: estimate,
    saving: null,
    retention: null,
    strong_share: 0,
    ...fields,
  };
}
