import { expect, test } from "vitest";
import { renderMarkdown } from "../../reports/markdown.js";
import { trafficFrontierSection } from "../../reports/page/traffic-frontier.js";
import { frontierDocument } from "./counterfactual-documents.js";
import { noDocuments } from "./fixtures.js";

function markdown(frontier: ReturnType<typeof frontierDocument> | null): string {
  const section = trafficFrontierSection({ ...noDocuments, frontier });
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

test("the section asks the question, lists every setting and says what each answer rests on", () => {
  const frontier = frontierDocument();
  const text = markdown(frontier);
  expect(text).toContain("Least cost with at least 98.0 % of quality and a p95 latency of at most 2.50 s");
  for (const { label } of frontier.points) expect(text).toContain(label);
  expect(text).toContain("signalbox policy set --artifact DIR --retention 0.95");
  expect(text).toContain("On the half of the sessions that didn't choose it");
  expect(text).toContain("Modelled: logged token counts at list price");
});

test("an infeasible question says so in place of an answer", () => {
  const frontier = frontierDocument();
  Object.assign(frontier.queries[0]!.settable, {
    is_feasible: false,
    binding: "p95",
    text: "Infeasible: no setting keeps the latency. Nearest: Always large",
  });
  expect(markdown(frontier)).toContain("Infeasible: no setting keeps the latency");
});

test("a log of which nothing was replayed keeps its coverage", () => {
  const text = markdown({ ...frontierDocument(), points: [] });
  expect(text).toContain("No logged call could be replayed");
  expect(text).toContain("left as billed: no saving is claimed");
});
