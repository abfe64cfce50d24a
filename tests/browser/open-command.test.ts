import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Workspace, writeResult } from "../../datasets/workspace.js";
import { type ReportServer, startReportServer } from "../../scripts/open/report-server.js";
import { noDocuments, realisticDocuments, workspaceOf } from "../reports/fixtures.js";
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
