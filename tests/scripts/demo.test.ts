import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateTraffic } from "../../datasets/synthetic/traffic.js";
import { type DemoResult, demoTraffic, runDemo } from "../../scripts/demo/run-demo.js";

const requests = 500;
let folder: string;
let demo: DemoResult;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-demo-"));
  demo = await runDemo(folder, { requests, seed: 7, announce: () => {}, progress: () => {} });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the demo, from log lines to report", () => {
  test("accounts for every record that it read", () => {
    const { read, accepted, quarantined, duplicates, skipped } = demo.ingest.totals;
    expect(accepted + quarantined + duplicates + skipped).toBe(read);
    expect(quarantined).toBe(0);
    expect(demo.ingest.files.map(({ source }) => source).sort()).toEqual(["litellm", "otlp", "provider"]);
  });

  test("bills what the synthetic company planted", () => {
    const world = generateTraffic({ ...demoTraffic, requests, seed: 7 });
    const planted = world.requests.reduce((sum, { usage }) => sum + (usage?.costUsd ?? 0), 0);
    expect(demo.audit.requests).toBe(world.requests.length);
    expect(demo.audit.billed.usd).toBeCloseTo(planted, 6);
    expect(demo.audit.billed.unpriced_requests).toBe(0);
  });

  test("says in every document that its labels are simulated", () => {
    expect(demo.model.is_simulated).toBe(true);
    expect(demo.simulate.is_simulated).toBe(true);
    const report = readFileSync(demo.report.replace(/html$/, "md"), "utf8");
    expect(report).toMatch(/simulated/i);
    expect(report).toMatch(/synthetic/i);
  });

  test("covers every logged attempt in the simulation, in exactly one line", () => {
    const { coverage } = demo.simulate.traffic!;
    expect(coverage.reduce((sum, line) => sum + line.requests, 0)).toBe(demo.audit.requests);
    expect(coverage.reduce((sum, line) => sum + line.usd, 0)).toBeCloseTo(demo.audit.billed.usd, 9);
  });

  test("leaves an artifact, a decision log and a report, and decides", () => {
    expect(existsSync(join(demo.artifact, "manifest.json"))).toBe(true);
    expect(existsSync(demo.report)).toBe(true);
    expect(demo.shadow.decisions).toBeGreaterThan(requests * 0.9);
    expect(demo.shadow.malformed).toBe(0);
    expect(demo.decision.model).toMatch(/^gpt-4o/);
  });
});
