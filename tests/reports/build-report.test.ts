import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { InputError } from "../../datasets/errors.js";
import { resultPath, writeResult } from "../../datasets/workspace.js";
import { buildReport, type Report } from "../../reports/build-report.js";
import type { Block } from "../../reports/content.js";
import type { ReportDocuments } from "../../reports/documents.js";
import { rememberCharts } from "../../reports/remember-charts.js";
import { reportContent } from "../../reports/report-content.js";
import { hostileDocuments, hostileNames, noDocuments, realisticDocuments, workspaceOf } from "./fixtures.js";

/** Charts that several cases show are drawn once. */
const draw = rememberCharts();

afterEach(() => {
  vi.unstubAllEnvs();
});

const content = reportContent(realisticDocuments(), "2025-07-01T06:11:00.000Z");

describe("buildReport", () => {
  let report: Report;
  beforeAll(async () => {
    report = await buildReport(workspaceOf(realisticDocuments()), { draw });
  });

  it("gives the same bytes for the same documents", async () => {
    const again = await buildReport(workspaceOf(realisticDocuments()));
    expect(again).toEqual(report);
  });

  it("holds every document whole in its JSON", () => {
    const { generated_at, schema_version, documents } = JSON.parse(report.json);
    expect(schema_version).toBe(1);
    expect(generated_at).toBe("2025-07-01T06:11:00.000Z");
    expect(documents).toEqual(JSON.parse(JSON.stringify(realisticDocuments())));
  });

  it("shows the same sections in the page and in Markdown", () => {
    const inPage = [...markupOf(report.html).matchAll(/<h2[^>]*>([^<]+)<\/h2>/g)].map((match) => match[1]);
    const inMarkdown = [...report.markdown.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(inPage).toEqual(inMarkdown);
    expect(inPage).toEqual(content.sections.map(({ title }) => title));
    expect(inPage.length).toBeGreaterThan(20);
  });

  it("forbids the page every request and every script but its own", () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(report.html)![1]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:/);
  });

  it("gives every table a caption and scoped heads, and every chart a label", () => {
    const page = markupOf(report.html);
    const tables = page.match(/<table>/g)!.length;
    expect(page.match(/<table><caption/g)).toHaveLength(tables);
    expect(page).not.toMatch(/<th>/);
    const charts = page.match(/<figure class="chart"/g)!.length;
    expect(charts).toBe(content.sections.flatMap(({ blocks }) => blocks.filter(isChart)).length);
    expect(charts).toBeGreaterThan(20);
    expect(page.match(/role="img" aria-label="[^"]{20,}"/g)).toHaveLength(charts);
  });

  it("shows slices with the worst one named, and what sways the router", () => {
    expect(report.markdown).toMatch(/group: code review.*388.*93\.1/);
    expect(report.markdown).toContain("Worst of 2: group code review");
    expect(report.markdown).toContain("1 slice under 30 rows or 10 sessions, too small to judge");
    expect(report.markdown).toMatch(/a wish for a short answer at the end.*4\.0.*25.*within/);
  });

  it("shows a cache's hits beside what is not known of them", () => {
    expect(report.markdown).toMatch(/cosine 0\.92.*1,220.*3,100.*7\.1/);
    expect(report.markdown).toContain("Wrong hits are unknown");
    expect(report.markdown).not.toMatch(/Hit rate \|.*\bUSR\b/);
    expect(report.markdown).toMatch(/at least \$1,175\.00.*38 hits of unknown cost/);
  });

  it("names both shares of wrong hits where the truth is known", async () => {
    const documents = realisticDocuments();
    const replay = documents.cache_replay!;
    const usr = {
      value: 0.0123,
      low: 0.01,
      high: 0.015,
      method: "measured: wrong hits / all requests",
      n: 61_000,
    };
    replay.is_truth_known = true;
    for (const row of replay.curve) {
      Object.assign(row, { wrong_hits: 750, known_hits: 3_000, usr, fhr: { ...usr, value: 0.25 } });
    }
    const { markdown } = await buildReport(workspaceOf(documents), { draw });
    expect(markdown).toMatch(/\| USR \| FHR \|/);
    expect(markdown).toMatch(/ 1\.2.%.* 25\.0.%/);
    expect(markdown).not.toContain("Wrong hits are unknown");
  });

  it("uses each id once", () => {
    const ids = [...markupOf(report.html).matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("the time of a report", () => {
  it("is the option's, else SOURCE_DATE_EPOCH, else the newest stage's", async () => {
    const workspace = workspaceOf({ ...noDocuments, manifests: realisticDocuments().manifests });
    const timeOf = async (generatedAt?: string) =>
      JSON.parse((await buildReport(workspace, { generatedAt })).json).generated_at;
    expect(await timeOf()).toBe("2025-07-01T06:11:00.000Z");
    vi.stubEnv("SOURCE_DATE_EPOCH", "1750000000");
    expect(await timeOf()).toBe("2025-06-15T15:06:40.000Z");
    expect(await timeOf("2025-01-02T03:04:05Z")).toBe("2025-01-02T03:04:05.000Z");
    await expect(timeOf("yesterday")).rejects.toThrow(/yesterday: not a time/);
  });
});

describe("a workspace with documents missing", () => {
  it.each([
    "ingest",
    "audit",
    "label",
    "model",
    "simulate",
    "cache_replay",
    "cache_calibration",
    "shadow",
  ] as const)("still reports without %s", async (name) => {
    const { markdown } = await buildReport(workspaceOf({ ...realisticDocuments(), [name]: null }), { draw });
    expect(markdown).toContain("## Summary");
    expect(markdown).not.toMatch(/undefined|NaN|null|\[object/);
  });

  it("names the commands that make every missing part", async () => {
    const { html, markdown } = await buildReport(workspaceOf(noDocuments));
    for (const verb of ["ingest", "audit", "simulate", "train", "cache replay", "shadow analyze"]) {
      expect(html).toContain(`<code>signalbox ${verb}`);
      expect(markdown).toContain(`\`signalbox ${verb}`);
    }
    expect(html).not.toContain("vega");
  });

  it("keeps the table where a chart has nothing to draw", async () => {
    const documents = realisticDocuments();
    for (const row of documents.audit!.by_model)
      Object.assign(row, { usd: 0, unpriced_requests: row.requests, priced_requests: 0 });
    const { markdown } = await buildReport(workspaceOf(documents), { draw });
    expect(markdown).toContain("No model has priced spend");
    expect(markdown).toMatch(/\| gpt-4\.1 \|.*\| unknown/);
  });
});

describe("hostile names", () => {
  let report: Report;
  beforeAll(async () => {
    report = await buildReport(workspaceOf(hostileDocuments()));
  });

  it("stay text in the page, in its pictures and in its embedded data", () => {
    const scripts = report.html.match(/<script[ >]/g)!.length;
    expect(report.html.match(/<\/script>/g)).toHaveLength(scripts);
    const allowed = /Content-Security-Policy" content="([^"]+)"/.exec(report.html)![1]!.match(/'sha256-/g)!;
    expect(scripts).toBe(allowed.length + 1);
    const page = markupOf(report.html);
    expect(page).not.toMatch(/<(?:img|b)\b|<svg\//i);
    const withoutValues = page.replace(/="[^"]*"/g, "");
    expect(withoutValues).not.toMatch(/<[^>]*\son[a-z]+/i);
    expect(page).toContain("&#60;/script&#62;&#60;img src=x");
    const data = /id="chart-data">([\s\S]*?)<\/script>/.exec(report.html)![1]!;
    expect(data).not.toMatch(/[<>&]/);
    expect(JSON.stringify(JSON.parse(data))).toContain("</script><img");
  });

  it("stay whole in the JSON", () => {
    const names = (JSON.parse(report.json).documents as ReportDocuments).audit!.by_model.map(
      ({ key }) => key,
    );
    expect(names).toEqual(expect.arrayContaining([...hostileNames]));
  });

  it("can't hide or reorder what is shown", () => {
    expect(report.html).not.toContain("\u202e");
    expect(report.html).toContain("\\u{202e}");
  });
});

describe("a damaged workspace", () => {
  it("is refused with the command that repairs it", async () => {
    const workspace = workspaceOf(realisticDocuments());
    writeFileSync(resultPath(workspace, "audit"), '{"schema_version": 1,');
    await expect(buildReport(workspace)).rejects.toThrow(InputError);
    await expect(buildReport(workspace)).rejects.toThrow(
      /audit\.json: not readable as JSON; write it anew with: signalbox audit/,
    );
  });

  it("is refused when a document is of another version", async () => {
    const workspace = workspaceOf(realisticDocuments());
    writeResult(workspace, "simulate", { ...realisticDocuments().simulate, schema_version: 3 });
    await expect(buildReport(workspace)).rejects.toThrow(
      /simulate\.json: schema_version 3, this toolkit reads 1 and 2/,
    );
  });

  it("is refused when a manifest is damaged", async () => {
    const workspace = workspaceOf(realisticDocuments());
    writeFileSync(join(workspace.path, "train.manifest.json"), "");
    await expect(buildReport(workspace)).rejects.toThrow(/train\.manifest\.json: not readable as JSON/);
  });
});

function isChart({ kind }: Block): boolean {
  return kind === "chart";
}

function markupOf(html: string): string {
  return html.replace(/<script[\s\S]*?<\/script>/g, "").replace(/<style[\s\S]*?<\/style>/g, "");
}
