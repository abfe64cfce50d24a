import { expect, test } from "vitest";
import { renderMarkdown } from "../../reports/markdown.js";
import { sensitivitySection } from "../../reports/page/sensitivity.js";
import { sensitivityDocument } from "./counterfactual-documents.js";
import { noDocuments } from "./fixtures.js";

function markdown(sensitivity: ReturnType<typeof sensitivityDocument> | null): string {
  const section = sensitivitySection({ ...noDocuments, sensitivity });
  return renderMarkdown({
    title: "t",
    subtitle: "s",
    generatedAt: "2026-01-01T00:00:00.000Z",
    sections: [section],
  });
}

test("without a document the command that writes it is named", () => {
  expect(markdown(null)).toContain("signalbox simulate --workspace DIR");
});

test("coverage by method, every assumption with both ends, and the plain sentence are there", () => {
  const sensitivity = sensitivityDocument();
  const text = markdown(sensitivity);
  expect(text).toContain("stays positive unless");
  for (const { label } of sensitivity.lines) expect(text).toContain(label);
  for (const { note } of sensitivity.coverage) expect(text).toContain(note);
  expect(text).toContain("| 20.0 % |");
  expect(text).toContain("the judge was not held against humans");
});

test("a log of which nothing was replayed has its sentence and coverage alone", () => {
  const nothing = {
    ...sensitivityDocument(),
    base: null,
    lines: [],
    mix: null,
    sentence: "Nothing was replayed.",
  };
  const text = markdown(nothing);
  expect(text).toContain("Nothing was replayed.");
  expect(text).not.toContain("Worst mix");
});

test("a choice made anew stands beside the choice as it is", () => {
  const sensitivity = sensitivityDocument();
  sensitivity.lines[0]!.low!.remade_saving = 0.125;
  expect(markdown(sensitivity)).toContain("12.5 % if the router re-orders its models");
});
