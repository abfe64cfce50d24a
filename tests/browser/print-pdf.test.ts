import { describe, expect, it } from "vitest";
import { renderHtml } from "../../reports/html.js";
import { prepareReport } from "../../reports/prepare-report.js";
import { printPdf } from "../../scripts/print-pdf.js";
import { realisticDocuments, workspaceOf } from "../reports/fixtures.js";
import { isInstalled, reason } from "./open-page.js";

describe.skipIf(!isInstalled)(`a report as PDF${reason}`, () => {
  it("has every section in its outline, and the same bytes each time", async () => {
    const { content } = prepareReport(workspaceOf(realisticDocuments()));
    const html = await renderHtml(content);
    const [first, second] = [
      await printPdf(html, content.generatedAt),
      await printPdf(html, content.generatedAt),
    ];
    expect(Buffer.from(first).equals(second)).toBe(true);
    const text = Buffer.from(first).toString("latin1");
    expect(text).toMatch(/^%PDF-/);
    expect(text).toContain("/CreationDate (D:20250701");
    const titles = [...text.matchAll(/\/Title \((.*?)\)\n/g)].map(([, title]) => title);
    for (const { title } of content.sections) expect(titles).toContain(title);
    expect(text.match(/\/Type \/Page\b/g)!.length).toBeGreaterThan(10);
  });
});
