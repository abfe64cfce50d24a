import { describe, expect, it } from "vitest";
import type { ReportDocuments } from "../../reports/documents.js";
import { renderMarkdown } from "../../reports/markdown.js";
import { reportContent } from "../../reports/report-content.js";
import { noDocuments, realisticDocuments } from "./fixtures.js";
import { actionsDocument, forecastDocument, pricingDocument } from "./outlook-documents.js";

/** The text of one section, spaces that don't break as ordinary ones. */
function textOf(id: string, changes: Partial<ReportDocuments> = {}): string {
  const content = reportContent({ ...realisticDocuments(), ...changes }, "2025-07-01T00:00:00.000Z");
  const sections = content.sections.filter((section) => section.id === id);
  return renderMarkdown({ ...content, sections })
    .replaceAll("\u00a0", " ")
    .replaceAll("\\", "");
}

function idsOf(documents: ReportDocuments): string[] {
  return reportContent(documents, "2025-07-01T00:00:00.000Z").sections.map(({ id }) => id);
}

it("leaves drift, off-policy value and prices out until they were asked for, and asks for the others", () => {
  expect(idsOf(noDocuments)).not.toContain("drift");
  expect(idsOf(noDocuments)).toEqual(expect.arrayContaining(["forecast", "actions"]));
  const ids = idsOf(realisticDocuments());
  expect(ids.slice(ids.indexOf("shadow"))).toEqual(["shadow", "ope", "forecast", "actions", "appendix"]);
});

describe("the forecast section", () => {
  it("gives sums with intervals, none where the log can't carry one, and the budget", () => {
    const text = textOf("forecast");
    expect(text).toContain(
      "| 30 days<br>2025-07-01 to 2025-07-30 | $18,390.00<br>$15,690.00 to $21,090.00 |",
    );
    expect(text).toContain("none: too far ahead");
    expect(text).toContain("$18,390.00 expected in 30 days, the chance of more than the budget is 93.0 %");
    expect(text).toContain("no growth, for none is shown (4.0 % a month in the log");
    expect(text).toContain("Saved above the commitment of $9,000.00 a month");
    expect(text).toContain("They cost $6,420.00, which is inside the interval.");
  });

  it("warns where the log's own last days were missed", () => {
    const forecast = forecastDocument();
    forecast.backtest!.is_inside = false;
    expect(textOf("forecast", { forecast })).toContain("The forecast missed the log's own last days");
  });

  it("says unknown where the router decided nothing", () => {
    const forecast = forecastDocument();
    for (const row of [...forecast.horizons, ...forecast.daily]) row.routed_usd = null;
    for (const row of forecast.horizons) row.saving_usd = null;
    for (const row of forecast.history) row.routed_usd = null;
    expect(textOf("forecast", { forecast })).toContain("| unknown | unknown |");
  });
});

describe("the actions section", () => {
  it("ranks with interval, standing, effort, risk and overlap, unknown dollars as unknown", () => {
    const text = textOf("actions");
    expect(text).toContain(
      "1. Let the trained router choose the model | $6,400.00<br>$5,500.00 to $7,300.00 |",
    );
    expect(text).toContain("up to $900.00");
    expect(text).toContain("Send what nobody waits for through the batch API ($120.00 a month)");
    expect(text).toMatch(/3\. Give a price to the calls that have none \| unknown \| unknown \| unknown/);
    expect(text).toContain("Left out: Ask a cheap model first: it would cost $20.00 a month.");
  });

  it("prints commands and configuration line by line, indent and all", () => {
    expect(textOf("actions")).toContain("```\nlitellm_settings:\n  cache: true\n```");
  });

  it("lets no text end its fence, and makes control characters visible", () => {
    const actions = actionsDocument();
    actions.actions[0]!.first_step.code = "echo ````\n  \u202eevil";
    const text = textOf("actions", { actions });
    expect(text).toContain("`````\necho ````\n  u{202e}evil\n`````");
  });
});

describe("the first page", () => {
  it("names the first actions with known dollars, and that they overlap", () => {
    const text = textOf("in-short");
    expect(text).toContain(
      "**Let the trained router choose the model**: $6,400.00 a month ($5,500.00 to $7,300.00); days of work; risk to quality: needs a shadow test.",
    );
    expect(text).toContain("up to $900.00 a month");
    expect(text).not.toContain("Give a price to the calls");
    expect(text).toContain("must not be added up");
  });

  it("has no such part without actions", () => {
    expect(textOf("in-short", { actions: null })).not.toContain("What pays most");
  });
});

describe("the drift section", () => {
  it("gives the verdict first, then shifts, outcomes, alarms, models and prices", () => {
    const text = textOf("drift");
    expect(text).toContain("The router should be trained again");
    expect(text).toContain("app shifted: PSI 0.41.");
    expect(text).toContain("code: 10.0 % to 31.0 %");
    expect(text).toContain("| errors | 2.0 % | 5.0 % | 3.0 %<br>2.0 % to 4.0 % |");
    expect(text).toContain("raised");
    expect(text).toContain("alias moved");
    expect(text).toContain("| gpt-4o | $5.00 | $2.50 | $15.00 | unknown |");
  });
});

describe("the section on another policy", () => {
  it("gives each estimator, and which is only to compare", () => {
    const text = textOf("ope");
    expect(text).toContain("| Doubly robust (DR) | 0.810<br>0.780 to 0.840 |");
    expect(text).toContain("Direct method (to compare only)");
    expect(text).toContain("2,210 rows");
  });

  it("gives the reason of a refusal and what to log instead", () => {
    const refusal = "the log is deterministic; export the policy with --epsilon 0.05";
    const text = textOf("ope", { ope: { schema_version: 1, target: "t.jsonl", refusal } });
    expect(text).toContain(`t.jsonl: ${refusal}.`);
    expect(text).toContain("can't be known from this log");
  });
});

describe("the section on other prices", () => {
  it("compares plans with the bill, and says who pays more", () => {
    const text = textOf("pricing");
    expect(text).toContain("| flat fee<br>$0.20 a call | $12,000.00<br>$10,800.00 to $13,200.00 | −35.0 %");
    expect(text).toContain("| 30 / 70 | 0 |");
    expect(text).toContain("| flat fee | 1 | 10 | $40.00 | $120.00 | 200.0 % | 10 / 0 |");
    expect(text).toContain("9,000<br>flat fee is cheaper above");
  });

  it("shows break-evens with the bill only, and no length that no model reads", () => {
    const pricing = pricingDocument();
    const [pair] = pricing.break_evens;
    pricing.break_evens = [
      { ...pair!, tokens_per_call: { ...pair!.tokens_per_call!, own_mix: 2.5e19 } },
      { ...pair!, first: "one plan", second: "another plan" },
    ];
    const text = textOf("pricing", { pricing });
    expect(text).toContain("no such length");
    expect(text).not.toContain("one plan");
    expect(text).toContain("1 more pair of plans: see the JSON document.");
  });
});
