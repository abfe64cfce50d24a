import { describe, expect, it } from "vitest";
import { escapeMarkdown, renderMarkdown } from "../../reports/markdown.js";
import { reportContent } from "../../reports/report-content.js";
import { hostileDocuments, realisticDocuments } from "./fixtures.js";

describe("escapeMarkdown", () => {
  it.each([
    ["gpt_4o_mini", "gpt_4o_mini"],
    ["_emphasis_", "\\_emphasis\\_"],
    ["a|b", "a\\|b"],
    ["[x](y) ![z](w)", "\\[x\\](y) \\!\\[z\\](w)"],
    ["<img src=x>", "&lt;img src=x\\>"],
    ["`code`", "\\`code\\`"],
    ["a\nb", "a b"],
    ["https://example.com", "https\\://example.com"],
    ["- item", "\\- item"],
    ["1. item", "1\\. item"],
    ["# heading", "\\# heading"],
    ["AT&amp;T", "AT&amp;amp;T"],
  ])("keeps %s as text", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe("renderMarkdown", () => {
  it("gives every table row as many cells as its head", () => {
    const lines = renderMarkdown(reportContent(hostileDocuments(), "2025-07-01T00:00:00.000Z")).split("\n");
    let columns = 0;
    let tables = 0;
    for (const line of lines) {
      const cells = line.startsWith("|") ? line.split(/(?<!\\)\|/).length : 0;
      if (cells > 0 && columns > 0) expect(cells, line).toBe(columns);
      if (cells > 0 && columns === 0) tables += 1;
      columns = cells;
    }
    expect(tables).toBeGreaterThan(15);
  });

  it("lets no name become markup", () => {
    const markdown = renderMarkdown(reportContent(hostileDocuments(), "2025-07-01T00:00:00.000Z"));
    expect(markdown.replaceAll("<br>", "")).not.toMatch(/<[a-z/!]/i);
    expect(markdown).not.toMatch(/(?<!\\)!\[/);
    const links = [...markdown.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map(([, target]) => target!);
    const anchors = [...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => `#${anchorOf(title!)}`);
    expect(links).toEqual(anchors);
    expect(markdown).not.toContain("\u202e");
  });

  it("says the same numbers as the page", () => {
    const markdown = renderMarkdown(reportContent(realisticDocuments(), "2025-07-01T00:00:00.000Z"));
    for (const number of ["at least $18,412.37", "$8,102.90", "50.0 %", "98.6 %", "97.5 % to 99.6 %"]) {
      expect(markdown).toContain(number);
    }
  });
});

/** GitHub's anchor of a heading of words, commas and colons. */
function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(/[,:]/g, "").replaceAll(" ", "-");
}
