import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildReport } from "../../reports/build-report.js";
import { reportContent } from "../../reports/report-content.js";
import { hostileDocuments, noDocuments, realisticDocuments, workspaceOf } from "../reports/fixtures.js";
import { allLive, chartsDrawn, isInstalled, launch, open, reason, wide } from "./open-page.js";

describe.skipIf(!isInstalled)(`the report in Chromium${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-browser-"));
  const pages = { realistic: "", hostile: "", empty: "" };
  let browser: Browser;

  beforeAll(async () => {
    for (const [name, documents] of [
      ["realistic", realisticDocuments()],
      ["hostile", hostileDocuments()],
      ["empty", noDocuments],
    ] as const) {
      const path = join(folder, `${name}.html`);
      writeFileSync(path, (await buildReport(workspaceOf(documents))).html);
      pages[name] = pathToFileURL(path).href;
    }
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
  });

  it("draws every chart live, without a console message or a request", async () => {
    const { page, messages, requests } = await open(browser, pages.realistic, { viewport: wide });
    await allLive(page, chartsDrawn);
    expect(messages).toEqual([]);
    expect(requests).toEqual([pages.realistic]);
    await page.context().close();
  });

  it("shows a tooltip with the bar's own numbers", async () => {
    const { page } = await open(browser, pages.realistic, { viewport: wide });
    await allLive(page, chartsDrawn);
    const bar = page.locator("#chart-spend-by-model .chart-live .mark-rect path").first();
    await bar.scrollIntoViewIfNeeded();
    await bar.hover();
    await page.waitForSelector("#vg-tooltip-element.visible");
    const text = await page.locator("#vg-tooltip-element").textContent();
    expect(text).toContain("claude-sonnet-4-5");
    expect(text).toContain("$8,653.81");
    await page.context().close();
  });

  it("keeps hostile names inert, also in tooltips", async () => {
    const { page, messages, requests } = await open(browser, pages.hostile, { viewport: wide });
    await allLive(page, chartsDrawn);
    for (const chart of ["#chart-spend-by-model", "#chart-shadow-mix"]) {
      const bar = page.locator(`${chart} .chart-live .mark-rect path`).first();
      await bar.scrollIntoViewIfNeeded();
      await bar.hover();
      await page.waitForSelector("#vg-tooltip-element.visible");
      expect(await page.locator("#vg-tooltip-element img, #vg-tooltip-element svg").count()).toBe(0);
    }
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("main img").count()).toBe(0);
    expect(messages).toEqual([]);
    expect(requests).toEqual([pages.hostile]);
    await page.context().close();
  });

  it("blocks a script that got into the page and every request that it makes", async () => {
    const { page } = await open(browser, pages.realistic, { viewport: wide });
    const blocked = await page.evaluate<{ injected: unknown; request: string }>(`(async () => {
      const script = document.createElement("script");
      script.textContent = "window.injected = 1";
      document.body.append(script);
      const request = await fetch("http://127.0.0.1:9/").then(() => "sent", () => "blocked");
      return { injected: window.injected, request };
    })()`);
    expect(blocked.injected).toBeUndefined();
    expect(blocked.request).toBe("blocked");
    await page.context().close();
  });

  it.each([400, 1_400])("cuts off no label of a chart at %i px", async (width) => {
    const { page } = await open(browser, pages.realistic, { viewport: { width, height: 900 } });
    await allLive(page, chartsDrawn);
    const cut = await page.evaluate(`[...document.querySelectorAll(".chart-live svg text")].filter((text) => {
      const label = text.getBoundingClientRect();
      const picture = text.ownerSVGElement.getBoundingClientRect();
      return label.right > picture.right + 1 || label.left < picture.left - 1;
    }).map((text) => text.textContent)`);
    expect(cut).toEqual([]);
    await page.context().close();
  });

  it.each([400, 1_400])("never scrolls sideways at %i px", async (width) => {
    for (const href of Object.values(pages)) {
      const { page } = await open(browser, href, { viewport: { width, height: 900 } });
      if (href !== pages.empty) await allLive(page, chartsDrawn);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      await page.context().close();
    }
  });

  it.each([
    [400, "narrow", "wide"],
    [1_400, "wide", "narrow"],
  ])("shows static charts without JavaScript at %i px", async (width, shown, hidden) => {
    const { page } = await open(browser, pages.realistic, {
      javaScriptEnabled: false,
      viewport: { width, height: 900 },
    });
    expect(await page.locator(`.chart-${shown} > svg`).count()).toBe(chartsDrawn);
    for (const picture of await page.locator(`.chart-${shown} > svg`).all()) {
      expect(await picture.isVisible()).toBe(true);
      expect(await picture.locator("path[d]").count()).toBeGreaterThan(3);
    }
    expect(await page.locator(`.chart-${hidden}`).first().isVisible()).toBe(false);
    await page.context().close();
  });

  it("prints the static charts in light colours from a dark screen", async () => {
    const { page } = await open(browser, pages.realistic, { viewport: wide, colorScheme: "dark" });
    await allLive(page, chartsDrawn);
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await ground()).toBe("rgb(20, 23, 27)");
    await page.emulateMedia({ media: "print" });
    expect(await ground()).toBe("rgb(255, 255, 255)");
    expect(await page.locator("#chart-frontier .chart-wide").isVisible()).toBe(true);
    await page.context().close();
  });

  it("fits the first page on one printed page, A4 or Letter", async () => {
    // what Chromium's margins of 1 cm leave: the width of A4, the height of Letter
    const { page } = await open(browser, pages.realistic, { viewport: { width: 718, height: 980 } });
    await page.emulateMedia({ media: "print" });
    expect(
      await page.evaluate('document.getElementById("in-short").getBoundingClientRect().bottom'),
    ).toBeLessThan(980);
    await page.context().close();
  });

  it("opens before anything has run", async () => {
    const { page, messages } = await open(browser, pages.empty, { viewport: wide });
    const { sections } = reportContent(noDocuments, "2025-07-01T00:00:00.000Z");
    expect(await page.locator("h2").allTextContents()).toEqual(sections.map(({ title }) => title));
    expect(messages).toEqual([]);
    await page.context().close();
  });
});
