import { expect, test } from "vitest";
import { publishedClaims } from "../../datasets/published-claims.js";
import { renderMarkdown } from "../../reports/markdown.js";
import { routingSection } from "../../reports/page/routing.js";
import { realisticDocuments } from "./fixtures.js";

const estimate = (value: number) => ({ value, low: value, high: value, method: "modelled: by hand", n: 3 });

/** The routing section as Markdown, of a simulation of version 1, or of 2 with all that it has more. */
function markdown(version: 1 | 2): string {
  const documents = realisticDocuments();
  const { simulate } = documents;
  simulate!.schema_version = version;
  if (version === 2) {
    const { traffic } = simulate!;
    Object.assign(traffic!.strategies[0]!, {
      usd_per_request: estimate(0.0125),
      usd_per_mtok: estimate(3.5),
      usd_per_success: estimate(0.0375),
      saving_of_strong: estimate(0.25),
      measured_retention: estimate(0.985),
      latency_change_ms: estimate(-120),
    });
    traffic!.unknown = [{ strategy: "oracle", label: "Oracle", why: "nobody <b>saw</b> it" }];
    traffic!.covered = {
      replayed: { requests: 0.9, usd: 0.8 },
      measured: { requests: 0.06, usd: 0.2 },
      unknown: { requests: 0.04, usd: 0 },
    };
    simulate!.claims = publishedClaims;
  }
  return renderMarkdown({
    title: "t",
    subtitle: "s",
    generatedAt: "2026-01-01T00:00:00.000Z",
    sections: [routingSection(documents)],
  });
}

test("a simulation of version 1 reads as before, without empty tables", () => {
  expect(markdown(1)).not.toContain("by answered request");
  expect(markdown(1)).not.toContain("others claim");
});

test("a simulation of version 2 shows costs by unit, what is unknown and what a saving covers", () => {
  const text = markdown(2);
  for (const part of ["$0.0125", "$3.50", "$0.0375", "25.0", "98.5", "not measured"])
    expect(text).toContain(part);
  expect(text).toMatch(/120\sms/);
  expect(text).toMatch(/Oracle: can't be known here; nobody/);
  expect(text).toMatch(/what was replayed: 90\.0\s%\sof calls and 80\.0\s%\sof known cost/);
});

test("published figures are each marked as a claim", () => {
  const claims = markdown(2)
    .split("\n")
    .filter((line) => line.includes("published claim"));
  expect(claims.length).toBeGreaterThanOrEqual(publishedClaims.length);
  expect(markdown(2)).toContain("They enter no computation here");
});
