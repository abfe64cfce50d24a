import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { reportContent } from "../../reports/report-content.js";
import { realisticDocuments } from "../reports/fixtures.js";

const executablePath = process.env.SIGNALBOX_CHROMIUM ?? "/usr/bin/chromium";

/** Whether there is a browser to test in, and what a skipped test says when there is none. */
export const isInstalled = existsSync(executablePath);
export const reason = isInstalled
  ? ""
  : ` (SKIPPED: no Chromium at ${executablePath}; SIGNALBOX_CHROMIUM names another)`;

/** Viewport of a desktop. */
export const wide = { width: 1_400, height: 900 };

/** Charts of a report on documents of every stage. */
export const chartsDrawn = reportContent(realisticDocuments(), "2025-07-01T00:00:00.000Z").sections.flatMap(
  ({ blocks }) => blocks.filter(({ kind }) => kind === "chart"),
).length;

/** Start the browser. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: flags });
}

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Open a page in a context of its own, with all that it says on the console and all that it asks of the network. */
export async function open(browser: Browser, href: string, options: BrowserContextOptions) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const messages: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(href);
  return { page, messages, requests };
}

/** Wait until every chart is live, then look for marks in each. */
export async function allLive(page: Page, charts: number): Promise<void> {
  await page.waitForFunction(`document.querySelectorAll(".chart.is-live").length === ${charts}`);
  for (const picture of await page.locator(".chart-live > svg, .chart-live svg.marks").all()) {
    expect(await picture.locator("path[d]").count()).toBeGreaterThan(3);
  }
}
