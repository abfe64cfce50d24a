import { describe, expect, it } from "vitest";
import { checkThresholds, readThresholds } from "../../reports/figures/check-thresholds.js";
import { reportFigures } from "../../reports/figures/report-figures.js";
import { noDocuments, realisticDocuments } from "./fixtures.js";

const figures = reportFigures(realisticDocuments());
const saving = figures.find(({ key }) => key === "saving")!;

describe("--fail-on", () => {
  it.each([
    ["saving<0.1", 0],
    ["saving>0.1", 1],
    [`saving<=${saving.value}`, 1],
    [`saving<${saving.value}`, 0],
    ["saving_low<10%", 0],
    ["saving_low < 99 %", 1],
    ["unpriced_share>2%", 1],
    ["billed_usd>=20000", 0],
    ["billed_usd_low<1", 1],
  ])("%s breaks %i", (text, broken) => {
    expect(checkThresholds(readThresholds([text], figures), figures)).toHaveLength(broken);
  });

  it("breaks on what isn't known, naming the command", () => {
    const unknown = reportFigures(noDocuments);
    expect(checkThresholds(readThresholds(["saving<0.1"], unknown), unknown)).toEqual([
      "saving<0.1: saving is not known; run signalbox simulate",
    ]);
  });

  it.each([
    ["saving", /not a threshold/],
    ["saving=0.1", /not a threshold/],
    ["savings<0.1", /no figure savings; there are quarantined_share, billed_usd/],
    ["saving<lots", /not a threshold/],
  ])("refuses %s", (text, message) => {
    expect(() => readThresholds([text], figures)).toThrow(message);
  });

  it("has the same keys whatever has run", () => {
    expect(reportFigures(noDocuments).map(({ key }) => key)).toEqual(figures.map(({ key }) => key));
  });
});
