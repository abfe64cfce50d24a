import { describe, expect, it } from "vitest";
import type { Block } from "../../reports/content.js";
import type { ReportDocuments } from "../../reports/documents.js";
import { inShortSection } from "../../reports/page/in-short.js";
import { summarySection } from "../../reports/page/summary.js";
import { noDocuments, realisticDocuments } from "./fixtures.js";

describe("the summary", () => {
  it("calls a total with unpriced calls a lower bound", () => {
    const documents = realisticDocuments();
    const { blocks } = inShortSection(documents);
    expect(titles(blocks)).toEqual(["Some prices are unknown"]);
    expect(textOf(summarySection(documents).blocks)).toContain("at least $18,412.37");
    expect(textOf(blocks)).toContain("1,930 calls of 61,204 could not be priced");
  });

  it("warns of simulated judges and synthetic traffic before any number", () => {
    const documents = realisticDocuments();
    documents.simulate!.is_simulated = true;
    documents.ingest!.is_synthetic = true;
    const { blocks } = inShortSection(documents);
    expect(blocks.slice(0, 2).map((block) => block.kind === "notice" && block.title)).toEqual([
      "Synthetic traffic",
      "Simulated judge",
    ]);
    expect(textOf(summarySection(documents).blocks)).toContain("by a simulated judge");
  });

  it("claims no saving when the interval includes zero", () => {
    const documents = withSaving({ value: 0.02, low: -0.01, high: 0.05 });
    expect(textOf(summarySection(documents).blocks)).toContain(
      "no saving is shown, the interval includes zero",
    );
  });

  it("says more when the router costs more", () => {
    const documents = withSaving({ value: -0.2, low: -0.25, high: -0.15 });
    expect(textOf(summarySection(documents).blocks)).toContain("20.0\u00a0% more, not less");
  });

  it("takes quality from held-out outcomes and says so, else calls it the router's own estimate", () => {
    const documents = realisticDocuments();
    expect(textOf(summarySection(documents).blocks)).toContain("on held-out items with known outcomes");
    documents.simulate!.outcomes = null;
    expect(textOf(summarySection(documents).blocks)).toContain(
      "the router's own estimate on the logged calls",
    );
  });

  it("speaks of held-out outcomes when no logged call could be simulated", () => {
    const documents = realisticDocuments();
    documents.simulate!.traffic = null;
    expect(textOf(summarySection(documents).blocks)).toContain("On 1,840 held-out items with known outcomes");
  });

  it("notices a simulation of another router than the model card's", () => {
    const documents = realisticDocuments();
    documents.model!.artifact_id = "20250702-00000000";
    expect(titles(inShortSection(documents).blocks)).toContain("Two different routers");
  });

  it("warns when the router behaves differently on the log and on held-out items", () => {
    const documents = realisticDocuments();
    const router = documents.simulate!.traffic!.strategies.find(({ strategy }) => strategy === "router")!;
    router.strong_share = 0.99;
    expect(titles(inShortSection(documents).blocks)).toContain(
      "Saving and quality come from different calls",
    );
  });

  it("names the commands when nothing has run", () => {
    const text = textOf(summarySection(noDocuments).blocks);
    expect(text).toContain("signalbox audit --workspace DIR");
    expect(text).toContain("signalbox simulate --workspace DIR");
  });
});

function withSaving(interval: { value: number; low: number; high: number }): ReportDocuments {
  const documents = realisticDocuments();
  const router = documents.simulate!.traffic!.strategies.find(({ strategy }) => strategy === "router")!;
  router.saving = { ...router.saving!, ...interval };
  return documents;
}

function titles(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => (block.kind === "notice" ? block.title : []));
}

function textOf(blocks: readonly Block[]): string {
  return JSON.stringify(blocks);
}
