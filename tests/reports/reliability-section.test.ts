import { describe, expect, it } from "vitest";
import type { ReliabilityResult } from "../../datasets/reliability-result.js";
import { reliability } from "../../pipelines/reliability/reliability.js";
import type { ChartBlock, Section } from "../../reports/content.js";
import { renderHtml } from "../../reports/html.js";
import { renderMarkdown } from "../../reports/markdown.js";
import { reliabilitySection } from "../../reports/page/reliability.js";
import { type ReplayedAttempt, replayData } from "../support/replay-data.js";
import { routerPolicy } from "../support/router-policy.js";
import { hostileNames, noDocuments } from "./fixtures.js";

const sectionOf = (result: ReliabilityResult | null): Section =>
  reliabilitySection({ ...noDocuments, reliability: result });
const content = (section: Section) => ({
  title: "t",
  subtitle: "s",
  generatedAt: "2026-01-01T00:00:00.000Z",
  sections: [section],
});
const markdown = (result: ReliabilityResult | null) =>
  renderMarkdown(content(sectionOf(result))).replaceAll("\u00a0", " ");

function resultOf(attempts: readonly ReplayedAttempt[]): ReliabilityResult {
  return reliability({
    replay: replayData(["small", "medium", "large"], attempts),
    policy: routerPolicy(),
  });
}

// an attempt a minute; every tenth fails and is answered by a retry
const attempts = Array.from({ length: 100 }, (_, i): ReplayedAttempt[] => {
  const base = { logical: i, session: i, createdAt: (Date.UTC(2026, 0, 5) + 60_000 * i) * 1_000 };
  const answer = { ...base, usd: [0.001, 0.002, 0.003], latency: 1_500, ttft: 300, served: i % 2 ? 2 : 0 };
  const failure = {
    ...answer,
    usd: undefined,
    isSuccess: false,
    errorClass: "rate_limit",
    billed: 0.0001,
  };
  return i % 10 === 0 ? [failure, { ...answer, attemptNo: 2, createdAt: base.createdAt + 3e6 }] : [answer];
}).flat();

describe("the section on latency and reliability", () => {
  it("names the command while nothing was replayed", () => {
    expect(markdown(null)).toContain("signalbox simulate");
  });

  it("shows what is measured, what is modelled and what is only assumed", () => {
    const text = markdown(resultOf(attempts));
    for (const part of [
      "100.0 %",
      "90.0 %",
      "10 failed at the first attempt",
      "10 of these were answered by a retry",
      "rate_limit 10",
      "modelled: independence assumed",
      "Time to the last token of answered requests, before and after",
      "300 ms",
      "Left as billed: 9.1 % of calls",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("has a chart of errors, one of chains and one of latency, each with its table", () => {
    const charts = sectionOf(resultOf(attempts)).blocks.filter(
      (block): block is ChartBlock => block.kind === "chart",
    );
    expect(charts.map(({ chart }) => chart.id)).toEqual([
      "chart-reliability-errors",
      "chart-reliability-chains",
      "chart-reliability-latency",
    ]);
    for (const { table } of charts) expect(table.rows.length).toBeGreaterThan(0);
  });

  it("draws nothing of an empty log, of one without failures, and of one that failed throughout", () => {
    expect(markdown(resultOf([]))).toContain("The log holds no attempts.");
    expect(markdown(resultOf([{ usd: [1, 2, 3] }]))).toContain("No first attempt failed");
    const failed = { isSuccess: false, billed: Number.NaN, isUnknown: true };
    const text = markdown(resultOf([failed]));
    expect(text).toContain("No logged call could be replayed");
    expect(text).not.toContain("NaN");
    expect(text).toContain("unknown");
  });

  it("lets no hostile name out of its place", async () => {
    const result = resultOf(attempts);
    const [script, svg, link, control] = hostileNames;
    result.models[0]!.model = script;
    result.models[0]!.by_class[0]!.error_class = svg;
    result.chains[0]!.label = link;
    result.latency[0]!.label = control;
    result.notes.push(script);
    const html = await renderHtml(content(sectionOf(result)));
    expect(html).not.toContain("<img src=x");
    expect(html).not.toContain("<svg/onload");
    expect(renderMarkdown(content(sectionOf(result)))).not.toMatch(/[^\\]\]\(javascript:/);
  });
});
