import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildReport } from "../../reports/build-report.js";
import { formatShare, formatUsd } from "../../reports/format-numbers.js";
import { realisticDocuments, workspaceOf } from "../reports/fixtures.js";
import { isInstalled, launch, open, reason, wide } from "./open-page.js";

describe.skipIf(!isInstalled)(`the what-if in Chromium${reason}`, () => {
  const documents = realisticDocuments();
  const dial = documents.model!.dial!;
  let href = "";
  let browser: Browser;
  beforeAll(async () => {
    const path = join(mkdtempSync(join(tmpdir(), "signalbox-what-if-")), "report.html");
    writeFileSync(path, (await buildReport(workspaceOf(documents))).html);
    href = pathToFileURL(path).href;
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
  });

  it("shows at every mark of the dial what training computed", async () => {
    const { page, messages } = await open(browser, href, { viewport: wide });
    const figure = (name: string) => page.locator(`[data-figure="${name}"]`).textContent();
    expect(await figure("saving")).toBe(formatShare(dial.points[1]!.saving.value));
    for (const [i, { saving, strong_share, costs }] of dial.points.entries()) {
      await page.getByRole("slider", { name: "Quality promised" }).fill(String(i));
      expect(await figure("saving")).toBe(formatShare(saving.value));
      expect(await figure("share")).toBe(formatShare(strong_share.value));
      expect(await figure("usd")).toBe(formatUsd((costs!.strong_usd + costs!.candidates_usd) * 1000));
    }
    expect(messages).toEqual([]);
    await page.context().close();
  });

  it("recomputes cost and saving at other prices", async () => {
    const { page } = await open(browser, href, { viewport: wide });
    const figure = (name: string) => page.locator(`[data-figure="${name}"]`).textContent();
    const { strong_usd, candidates_usd, always_strong_usd } = dial.points[1]!.costs!;
    for (const [strong, candidates] of [
      [50, 150],
      [150, 50],
      [85, 100],
    ] as const) {
      await page.getByLabel("Strong model's price").fill(String(strong));
      await page.getByLabel("Other models' price").fill(String(candidates));
      const usd = (strong_usd * strong + candidates_usd * candidates) / 100;
      const always = (always_strong_usd * strong) / 100;
      expect(await figure("usd")).toBe(formatUsd(usd * 1000));
      expect(await figure("always")).toBe(formatUsd(always * 1000));
      expect(await figure("saving")).toBe(formatShare(1 - usd / always));
    }
    await page.context().close();
  });

  it("moves by the arrow keys and says the mark in words", async () => {
    const { page } = await open(browser, href, { viewport: wide });
    const slider = page.getByRole("slider", { name: "Quality promised" });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    expect(await slider.getAttribute("aria-valuetext")).toBe("99.5 %");
    await page.context().close();
  });

  it("leaves the figures and the table where there is no JavaScript", async () => {
    const { page } = await open(browser, href, { viewport: wide, javaScriptEnabled: false });
    expect(await page.locator("#what-if-floor").isVisible()).toBe(false);
    expect(await page.locator("#what-if .figures").isVisible()).toBe(true);
    expect(await page.locator("#what-if tbody tr").count()).toBe(15);
    await page.context().close();
  });
});
