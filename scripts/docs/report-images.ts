import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { InputError } from "../../datasets/errors.js";
import { makeFolder } from "../../datasets/make-folder.js";
import { packageRoot } from "../../datasets/package-root.js";
import { openWorkspace, writeFileAtomic } from "../../datasets/workspace.js";
import { buildReport } from "../../reports/build-report.js";

// Writes docs/images/report-{400,1400}-{light,dark}.png: the first page and the waterfall in light, the frontier, the waterfall and
// the actions in dark, of the report on the demo's synthetic traffic. node dist/scripts/cli.js demo --out DIR, then: node dist/scripts/docs/report-images.js DIR/workspace

/** Sections that each picture shows, up to the first element that matches: the text in light, more charts in dark. */
const shown: Record<"light" | "dark", Record<string, string>> = {
  light: { "in-short": "p:last-of-type", waterfall: ".chart" },
  dark: { frontier: ".chart", waterfall: ".chart", actions: ".table" },
};
const most = 400_000;

const [path] = process.argv.slice(2);
if (path === undefined) throw new InputError("name the demo's workspace: signalbox demo makes one");
const workspace = openWorkspace(path);
const folder = join(packageRoot, "docs", "images");
const page = join(mkdtempSync(join(tmpdir(), "signalbox-images-")), "report.html");
writeFileAtomic(page, (await buildReport(workspace)).html);
makeFolder(folder);

const browser = await chromium.launch({
  executablePath: process.env.SIGNALBOX_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
  ],
});
for (const width of [400, 1400] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    const viewport = { width, height: 1_200 };
    const tab = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
    await tab.goto(`file://${page}`);
    await tab.waitForFunction(
      "document.querySelectorAll('.chart.is-live').length === document.querySelectorAll('.chart').length",
    );
    await tab.evaluate(`for (const section of document.querySelectorAll("main > section")) {
      const selector = ${JSON.stringify(shown[colorScheme])}[section.id];
      const last = selector === undefined ? null : section.querySelector(":scope > " + selector);
      if (last === null) section.remove();
      else while (last.nextSibling) last.nextSibling.remove();
    }`);
    const image = join(folder, `report-${width}-${colorScheme}.png`);
    await tab.screenshot({ path: image, fullPage: true });
    await tab.close();
    const { size } = statSync(image);
    process.stdout.write(`${image}: ${size} bytes${size > most ? ", over the limit of 400 kB" : ""}\n`);
    if (size > most) process.exitCode = 1;
  }
}
await browser.close();
