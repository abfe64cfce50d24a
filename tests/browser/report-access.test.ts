import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildReport } from "../../reports/build-report.js";
import { realisticDocuments, workspaceOf } from "../reports/fixtures.js";
import { allLive, chartsDrawn, isInstalled, launch, open, reason, wide } from "./open-page.js";

describe.skipIf(!isInstalled)(`reading the report in Chromium${reason}`, () => {
  let href = "";
  let browser: Browser;

  beforeAll(async () => {
    const path = join(mkdtempSync(join(tmpdir(), "signalbox-access-")), "report.html");
    writeFileSync(path, (await buildReport(workspaceOf(realisticDocuments()))).html);
    href = pathToFileURL(path).href;
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
  });

  it.each([
    [400, "light"],
    [1_400, "dark"],
  ] as const)("has no serious finding of axe at %i px in %s colours", async (width, colorScheme) => {
    const { page } = await open(browser, href, { viewport: { width, height: 900 }, colorScheme });
    await allLive(page, chartsDrawn);
    await page.evaluate(`for (const each of document.querySelectorAll("details")) each.open = true`);
    await page.evaluate(axe.source);
    const findings = await page.evaluate<string[]>(
      `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html.slice(0, 120)).slice(0, 3).join(" | ")))`,
    );
    expect(findings).toEqual([]);
    await page.context().close();
  });

  it("sorts a table by a click, both ways, and says so to a screen reader", async () => {
    const { page } = await open(browser, href, { viewport: wide });
    const table = page.getByRole("region", { name: "Spend by app" });
    const before = await column(page, "Spend by app", 6);
    const header = table.getByRole("columnheader", { name: "Billed" });
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    const falling = await column(page, "Spend by app", 6);
    expect(falling).toEqual([...before].sort((a, b) => b - a));
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("ascending");
    expect(await column(page, "Spend by app", 6)).toEqual([...falling].reverse());
    expect(await table.locator("[aria-sort]").count()).toBe(1);
    await page.context().close();
  });

  it("sorts by the keyboard alone", async () => {
    const { page } = await open(browser, href, { viewport: wide });
    const header = page
      .getByRole("region", { name: "Spend by app" })
      .getByRole("columnheader", { name: "App" });
    await header.getByRole("button").focus();
    await page.keyboard.press("Enter");
    expect(await header.getAttribute("aria-sort")).toBe("ascending");
    await page.keyboard.press("Space");
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    await page.context().close();
  });

  it("has a table of contents that the keyboard reaches first and that stays beside the text", async () => {
    const { page } = await open(browser, href, { viewport: wide, reducedMotion: "reduce" });
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    const contents = page.getByRole("navigation", { name: "Contents" });
    const links = contents.getByRole("link");
    expect(await links.count()).toBe(await page.locator("h2").count());
    await contents.getByRole("link", { name: "Forecast" }).focus();
    await page.keyboard.press("Enter");
    await contents.locator('a[href="#forecast"][aria-current]').waitFor();
    expect(await contents.locator("[aria-current]").count()).toBe(1);
    expect((await contents.boundingBox())!.y).toBeGreaterThanOrEqual(0);
    await page.context().close();
  });

  it.each(["light", "dark"] as const)(
    "lets a reader on a %s system choose the other colours",
    async (colorScheme) => {
      const { page, messages } = await open(browser, href, { viewport: wide, colorScheme });
      await allLive(page, chartsDrawn);
      const grounds = { light: "rgb(255, 255, 255)", dark: "rgb(20, 23, 27)" };
      const other = colorScheme === "light" ? "dark" : "light";
      const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(await ground()).toBe(grounds[colorScheme]);
      await page.getByRole("button", { name: `${other} colours` }).click();
      expect(await ground()).toBe(grounds[other]);
      expect(await leastContrast(page)).toBeGreaterThanOrEqual(4.5);
      await page.emulateMedia({ media: "print" });
      expect(await ground()).toBe(grounds.light);
      expect(messages).toEqual([]);
      await page.context().close();
    },
  );

  it("gives each chart a name, a sentence and a table of its numbers", async () => {
    const { page } = await open(browser, href, { viewport: wide });
    for (const chart of await page.locator(".chart").all()) {
      expect((await chart.locator("> [role=img]").getAttribute("aria-label"))?.length).toBeGreaterThan(30);
      const own = await chart.locator("details table").count();
      const next = await chart.locator("xpath=following-sibling::*[1][@class='table']").count();
      expect(own + next).toBeGreaterThan(0);
    }
    await page.context().close();
  });

  it("prints every section and every folded table", async () => {
    const { page } = await open(browser, href, { viewport: wide });
    await allLive(page, chartsDrawn);
    const folded = await page.locator("details:not([open])").count();
    expect(folded).toBeGreaterThan(5);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator("details:not([open])").count()).toBe(0);
    await page.emulateMedia({ media: "print" });
    const sticky = `[...document.querySelectorAll("body *")].filter((each) =>
      ["sticky", "fixed"].includes(getComputedStyle(each).position)).length`;
    expect(await page.evaluate(sticky)).toBe(0);
    for (const heading of await page.locator("h2").all()) expect(await heading.isVisible()).toBe(true);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator("details:not([open])").count()).toBe(folded);
    await page.context().close();
  });
});

/** Numbers of a column as the page shows them. */
async function column(page: Page, table: string, cell: number): Promise<number[]> {
  const texts = await page.evaluate<string[]>(
    `[...document.querySelectorAll('[aria-label="${table}"] tbody tr')].map((row) => row.cells[${cell}].firstChild.textContent)`,
  );
  return texts.map((text) => Number(text.replace(/[^\d.]/g, "")));
}

/** Least WCAG contrast of the charts' texts against the page. */
function leastContrast(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const channels = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const luminance = (color) => channels(color)
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = luminance(getComputedStyle(document.body).backgroundColor);
    const texts = [...document.querySelectorAll(".chart-live svg text")];
    return Math.min(...texts.map((text) => luminance(getComputedStyle(text).fill)).map((ink) =>
      (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)));
  })()`);
}
