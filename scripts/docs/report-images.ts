import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { InputError } from "../../datasets/errors.js";
import { makeFolder } from "../../datasets/make-folder.js";
import { packageRoot } from "../../datasets/package-root.js";
import { openWorkspace, writeFileAtomic } from "../../datasets/workspace.js";
import { buildReport } from "../../reports/build-report.js";

// Writes docs/images/report-{400,1400}-{light,dark}.png: parts of the report on the demo's synthetic traffic.
// node dist/scripts/cli.js demo --workspace DIR, then: node dist/scripts/docs/report-images.js DIR/workspace

const heights = { 400: 3_200, 1400: 2_600 } as const;
/** What would push the charts out of the picture. */
const leftOut = ["summary", "data-quality", "tokens", "waste", "routing", "model"];
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
    const viewport = { width, height: heights[width] };
    const tab = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
    await tab.goto(`file://${page}`);
    await tab.waitForFunction(
      "document.querySelectorAll('.chart.is-live').length === document.querySelectorAll('.chart').length",
    );
    await tab.evaluate(`for (const id of ${JSON.stringify(leftOut)}) document.getElementById(id)?.remove()`);
    const image = join(folder, `report-${width}-${colorScheme}.png`);
    await tab.screenshot({ path: image });
    await tab.close();
    const { size } = statSync(image);
    process.stdout.write(`${image}: ${size} bytes${size > most ? ", over the limit of 400 kB" : ""}\n`);
    if (size > most) process.exitCode = 1;
  }
}
await browser.close();
