import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Workspace, writeResult } from "../../datasets/workspace.js";
import { type ReportServer, startReportServer } from "../../scripts/open/report-server.js";
import { stageStates } from "../../scripts/open/stage-states.js";
import { publishProgress } from "../../scripts/progress/publish-progress.js";
import { type PublishedProgress, progressPath } from "../../scripts/progress/published-progress.js";
import { noDocuments, realisticDocuments, workspaceOf } from "../reports/fixtures.js";
import { runInProcess, runUntilAnswered } from "../support/cli/run-in-process.js";
import { isInstalled, launch, open, reason, wide } from "./open-page.js";

describe("signalbox open", () => {
  let workspace: Workspace;
  let server: ReportServer;
  beforeAll(async () => {
    workspace = workspaceOf(noDocuments);
    server = await startReportServer(workspace, { port: 0 });
  });
  afterAll(async () => {
    await server.stop();
  });

  it.each([
    ["/../workspace.json", 404],
    ["/..%2fworkspace.json", 404],
    ["/%2e%2e/%2e%2e/etc/passwd", 404],
    ["//etc/passwd", 404],
    ["/workspace.json", 404],
    ["/constructor", 404],
    ["/report.md?x=1", 200],
  ])("answers %s with %i and never the salt", async (path, status) => {
    const answer = await ask(server, { path });
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(workspace.salt);
  });

  it.each([
    ["evil.example", 403],
    ["evil.example:80", 403],
    ["127.0.0.1", 403],
    ["127.0.0.1.evil.example:PORT", 403],
    ["localhost:PORT", 200],
    ["127.0.0.1:PORT", 200],
  ])("answers a request for the host %s with %i", async (host, status) => {
    const { port } = new URL(server.url);
    const answer = await ask(server, { path: "/status.json", host: host.replace("PORT", port) });
    expect(answer.status).toBe(status);
  });

  it("answers GET and HEAD alone, to the loopback address", async () => {
    expect((await ask(server, { path: "/", method: "POST" })).status).toBe(405);
    expect(await ask(server, { path: "/", method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it("says why there is no report when a document is damaged, and goes on when it is repaired", async () => {
    const own = workspaceOf(realisticDocuments());
    const other = await startReportServer(own, { port: 0 });
    writeFileSync(join(own.path, "results", "audit.json"), "{");
    const damaged = await ask(other, { path: "/report.md" });
    expect(damaged.status).toBe(500);
    expect(damaged.body).toContain("write it anew with: signalbox audit");
    writeResult(own, "audit", realisticDocuments().audit);
    expect((await ask(other, { path: "/report.md" })).status).toBe(200);
    await other.stop();
    await expect(ask(other, { path: "/" })).rejects.toThrow(/ECONNREFUSED/);
  });

  it.skipIf(!isInstalled)(`shows stages as they start and end, and the new report${reason}`, async () => {
    const browser: Browser = await launch();
    const { page, messages, requests } = await open(browser, server.url, { viewport: wide });
    const stage = (name: string) => page.locator("#stages li", { hasText: `${name}: ` });
    const report = page.frameLocator("#report");
    await stage("audit").and(page.locator(".missing")).waitFor();
    expect(await report.locator("#in-short").textContent()).toContain("Nobody has added the bill up yet");
    writeFileSync(join(workspace.path, "label.lock"), JSON.stringify({ pid: process.pid, host: hostname() }));
    await stage("label").and(page.locator(".running")).waitFor();
    expect(await page.getByRole("status").textContent()).toBe("Running: label");
    writeResult(workspace, "audit", realisticDocuments().audit);
    await stage("audit").and(page.locator(".complete")).waitFor();
    await report.locator("#in-short", { hasText: "$18,412.37" }).waitFor();
    await report.locator(".chart.is-live").first().waitFor();
    expect(messages).toEqual([]);
    expect(requests.every((url) => url.startsWith(server.url))).toBe(true);
    await browser.close();
  });
});

describe("signalbox open, beside a stage in another process", () => {
  it("says how far it is, and that it was stopped when its process is gone", () => {
    const workspace = workspaceOf(noDocuments);
    const stateOf = () => stageStates(workspace, Date.now()).find(({ stage }) => stage === "train")!;
    const { progress, end } = publishProgress(workspace, "train");
    progress({ label: "training", done: 0, total: 30, unit: "fits" });
    expect(stateOf()).toMatchObject({
      state: "running",
      progress: { label: "training", done: 0, total: 30 },
    });
    const path = progressPath(workspace, "train");
    const published = JSON.parse(readFileSync(path, "utf8")) as PublishedProgress;
    const began = new Date(Date.parse(published.updated_at) - 10_000).toISOString();
    const half = { ...published, done: 15, label_started_at: began };
    writeFileSync(path, JSON.stringify(half));
    const { rate, left_s } = stateOf().progress!;
    expect(rate).toBe(1.5);
    expect(left_s).toBeGreaterThan(5);
    expect(left_s).toBeLessThanOrEqual(10);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(path, JSON.stringify({ ...half, pid }));
    expect(stateOf()).toMatchObject({ state: "stopped", progress: { done: 15 } });
    writeFileSync(path, "{");
    expect(stateOf()).toMatchObject({ state: "missing", progress: null });
    end();
    expect(existsSync(path)).toBe(false);
  });

  it("leaves a stage alone whose workspace can't take the file", () => {
    const workspace = workspaceOf(noDocuments);
    writeFileSync(join(workspace.path, "progress"), "");
    const { progress, end } = publishProgress(workspace, "train");
    expect(() => progress({ label: "training", done: 1, total: 2, unit: "fits" })).not.toThrow();
    expect(end).not.toThrow();
  });

  it.skipIf(!isInstalled)(
    `moves its bar, and shows the report when it ends, without a reload${reason}`,
    async () => {
      const workspace = workspaceOf(noDocuments);
      const server = await startReportServer(workspace, { port: 0 });
      const browser = await launch();
      const { page, messages } = await open(browser, server.url, { viewport: wide });
      const stage = spawn(process.execPath, [runner, stageProgram, workspace.path], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      const bar = page.getByRole("progressbar", { name: "reading app.jsonl" });
      await bar.waitFor();
      const before = Number(await bar.getAttribute("value"));
      stage.stdin.write("on\n");
      await page.waitForFunction(
        (value) => Number(document.querySelector("progress")?.value) > value,
        before,
      );
      expect(await page.locator("#stages li.running").textContent()).toMatch(
        /^ingest: running .*reading app\.jsonl, \d[\d,]* of 1,000 records, [\d.,]+ a second, \d+ s left$/,
      );
      writeResult(workspace, "audit", realisticDocuments().audit);
      stage.stdin.end();
      await page.frameLocator("#report").locator("#in-short", { hasText: "$18,412.37" }).waitFor();
      await bar.waitFor({ state: "detached" });
      expect(messages).toEqual([]);
      await browser.close();
      await server.stop();
    },
  );

  it("refuses a port that is taken in one line, and stops with 0", async () => {
    const workspace = workspaceOf(noDocuments);
    const server = await startReportServer(workspace, { port: 0 });
    const { port } = new URL(server.url);
    const taken = await runInProcess(["open", "--workspace", workspace.path, "--port", port]);
    expect([taken.code, taken.stdout]).toEqual([1, ""]);
    expect(taken.stderr).toMatch(/^signalbox: .*\d+.* is taken; .*--port[^\n]*\n$/);
    await server.stop();
    const run = await runUntilAnswered(["open", "--workspace", workspace.path, "--port", "0"]);
    expect([run.code, run.status]).toEqual([0, 200]);
  });
});

const runner = fileURLToPath(new URL("../support/run-typescript.mjs", import.meta.url));
const stageProgram = fileURLToPath(new URL("../support/cli/publish-stage.ts", import.meta.url));

function ask(
  server: ReportServer,
  { path, host, method = "GET" }: { path: string; host?: string; method?: string },
): Promise<{ status: number; body: string }> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method, agent: false, ...(host && { headers: { host } }) },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => resolve({ status: response.statusCode!, body }));
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}
