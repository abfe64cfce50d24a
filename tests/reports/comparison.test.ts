import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ComparisonRow, comparisonRows } from "../../reports/compare/comparison-rows.js";
import { difference } from "../../reports/compare/difference.js";
import { prepareComparison } from "../../reports/compare/prepare-comparison.js";
import { renderMarkdown } from "../../reports/markdown.js";
import { prepareReport } from "../../reports/prepare-report.js";
import { noDocuments, realisticDocuments, workspaceOf } from "./fixtures.js";

function later() {
  const documents = realisticDocuments();
  documents.audit!.billed.usd -= 5_000;
  documents.audit!.by_model[0]!.usd -= 5_000;
  documents.audit!.by_model.push({ ...documents.audit!.by_model[0]!, key: "new-model", usd: 7 });
  return documents;
}

describe("the difference of two estimates", () => {
  it("has the interval of a sum of squares where theirs are symmetric", () => {
    const found = difference({ value: 10, low: 7, high: 13 }, { value: 20, low: 16, high: 24 });
    expect(found).toEqual({ value: 10, low: 5, high: 15 });
  });

  it("takes each bound from the sides that make it: those that aren't symmetric don't mix", () => {
    const found = difference({ value: 0, low: -3, high: 0 }, { value: 0, low: 0, high: 4 });
    expect(found).toEqual({ value: 0, low: 0, high: 5 });
  });
});

describe("a comparison", () => {
  const rows = comparisonRows(realisticDocuments(), later());
  const row = (key: string): ComparisonRow => rows.find((each) => each.key === key)!;

  it("subtracts before from after", () => {
    expect(row("billed_usd").change!.value).toBeCloseTo(-5_000, 6);
    expect(row("billed_usd:claude-sonnet-4-5").change!.value).toBeCloseTo(-5_000, 6);
    expect(row("billed_usd:new-model")).toMatchObject({ before: { value: 0 }, change: { value: 7 } });
  });

  it("gives a change an interval exactly where both sides have one", () => {
    expect(row("saving").change).toMatchObject({ value: 0 });
    expect(row("saving").change!.low).toBeLessThan(0);
    expect(row("billed_usd").change!.low).toBeNull();
  });

  it("shows no change where the interval includes zero, and none where one side isn't known", () => {
    const markdown = (a: string, b: string) => renderMarkdown(prepareComparison(a, b).content);
    const [first, second, empty] = [realisticDocuments(), later(), noDocuments].map(
      (d) => workspaceOf(d).path,
    );
    expect(markdown(first!, second!)).toMatch(/Saving on those calls \|.*no change is shown \|/);
    expect(markdown(first!, second!)).toMatch(/\| Billed \|.*−\$5,000\.00.*lower \|/);
    expect(markdown(first!, empty!)).toMatch(
      /Saving on those calls \|.*\| unknown \| unknown \| unknown \| not comparable \|/,
    );
  });

  it("says the same of a workspace and of the JSON saved from it", () => {
    const [before, after] = [workspaceOf(realisticDocuments()), workspaceOf(later())];
    const saved = join(mkdtempSync(join(tmpdir(), "signalbox-saved-")), "before.json");
    writeFileSync(saved, prepareReport(before).json);
    const rowsOf = (path: string) => JSON.parse(prepareComparison(path, after.path).json).comparison;
    expect(rowsOf(saved)).toEqual(rowsOf(before.path));
  });

  it.each([
    ["nowhere.json", null, /not there; name a workspace/],
    ["broken.json", "{", /not readable as JSON/],
    ["other.json", `{"schema_version":2}`, /not a report of schema version 1/],
  ])("refuses %s", (name, text, message) => {
    const path = join(mkdtempSync(join(tmpdir(), "signalbox-saved-")), name);
    if (text !== null) writeFileSync(path, text);
    expect(() => prepareComparison(path, path)).toThrow(message);
  });
});
