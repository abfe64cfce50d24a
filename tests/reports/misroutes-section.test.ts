import { describe, expect, it } from "vitest";
import { fairnessGapsChart } from "../../reports/charts/fairness-gaps.js";
import { misrouteSharesChart } from "../../reports/charts/misroute-shares.js";
import type { Section } from "../../reports/content.js";
import { renderMarkdown } from "../../reports/markdown.js";
import { fairnessSection } from "../../reports/page/fairness.js";
import { misroutesSection } from "../../reports/page/misroutes.js";
import { prepareReport } from "../../reports/prepare-report.js";
import { renderChart } from "../../reports/render.js";
import { noDocuments, realisticDocuments, workspaceOf } from "./fixtures.js";

const documents = realisticDocuments();
const { misroutes, fairness } = documents;

function markdownOf(section: Section): string {
  return renderMarkdown({
    title: "",
    subtitle: "",
    generatedAt: "2026-01-01T00:00:00Z",
    sections: [section],
  });
}

describe("the section on calls on the wrong model", () => {
  const text = markdownOf(misroutesSection(documents));

  it("has shares and dollars with intervals, measured beside modelled, and the claim marked as one", () => {
    expect(text).toContain("Calls on the wrong model");
    expect(text).toContain("combined: 600 calls");
    expect(text).toMatch(/measured: \d+ calls/);
    expect(text).toContain("modelled: 600 calls");
    expect(text).toContain("published claim");
    expect(text).toContain("48.4 %");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("says loudly that no human has rated the judge", () => {
    expect(text).toContain("Uncorrected: no human ratings");
    const corrected = structuredClone(documents);
    corrected.misroutes!.labels.is_corrected = true;
    expect(markdownOf(misroutesSection(corrected))).not.toContain("Uncorrected: no human ratings");
  });

  it("names what to run, and what is left without any figure", () => {
    expect(markdownOf(misroutesSection(noDocuments))).toContain("signalbox simulate");
    const empty = structuredClone(documents);
    empty.misroutes!.quoted = null;
    const none = markdownOf(misroutesSection(empty));
    expect(none).toContain("No call could be judged");
    expect(none).toContain("What this covers");
  });
});

describe("the section on who carries the change", () => {
  const text = markdownOf(fairnessSection(documents));

  it("finds the slice that is behind, beside everyone", () => {
    expect(text).toContain("would be worse off");
    expect(text).toMatch(/everyone/);
    expect(text).toMatch(/tenant: tenant-2[^\n]*behind/);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("says so when none is, and when nothing could be compared", () => {
    const equal = structuredClone(documents);
    for (const slice of equal.fairness!.slices) slice.status = "ok";
    expect(markdownOf(fairnessSection(equal))).toContain("No slice is surely behind");
    equal.fairness!.everyone = null;
    expect(markdownOf(fairnessSection(equal))).toContain("Nothing could be compared");
    expect(markdownOf(fairnessSection(noDocuments))).toContain("signalbox simulate");
  });
});

describe("their charts", () => {
  const specs = [
    ["shares", misrouteSharesChart(misroutes!), 3 * misroutes!.by.length],
    ["gaps", fairnessGapsChart(fairness!.slices, fairness!.margin), fairness!.compared],
  ] as const;

  it.each(specs)("%s are drawn at both widths", async (name, spec, marks) => {
    const { wide, narrow } = await renderChart({ id: name, title: name, description: name, spec: spec! });
    for (const svg of [wide, narrow]) {
      expect((svg.match(/<path[^>]* d="M[^"]+"/g) ?? []).length).toBeGreaterThanOrEqual(marks);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("without figures there is none", () => {
    expect(misrouteSharesChart({ quoted: null, by: [] })).toBeNull();
    expect(fairnessGapsChart([], 0.02)).toBeNull();
    const bare = fairness!.slices.map((slice) => ({ ...slice, gap: null }));
    expect(fairnessGapsChart(bare, 0.02)).toBeNull();
  });
});

it("a redacted report holds no name of an app or tenant, and still the kinds of slices", () => {
  const secret = realisticDocuments();
  secret.misroutes!.worst[0]!.app = "AcmeBot";
  secret.misroutes!.by.find(({ dimension }) => dimension === "app")!.slice = "AcmeBot";
  secret.fairness!.slices.find(({ dimension }) => dimension === "tenant")!.slice = "AcmeCorp";
  secret.fairness!.slices.find(({ dimension }) => dimension === "app")!.slice = "AcmeBot";
  const hidden = prepareReport(workspaceOf(secret), { isRedacted: true }).documents;
  const text = JSON.stringify([hidden.misroutes, hidden.fairness]);
  expect(text).not.toMatch(/AcmeBot|AcmeCorp/);
  expect(hidden.misroutes!.worst[0]!.app).toMatch(/^app-/);
  expect(text).toContain("heavy (");
});
