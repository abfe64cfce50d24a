import { statSync } from "node:fs";
import { join } from "node:path";
import type { SimulateTiming } from "../../datasets/results.js";
import { openWorkspace, readResult } from "../../datasets/workspace.js";
import { simulate } from "../../pipelines/simulate/simulate.js";
import { prepareReport } from "../../reports/prepare-report.js";
import { printLine } from "../terminal.js";
import { writeReport } from "../write-report.js";

/** One stage of bench:report in a process of its own: STAGE FOLDER. Ends in one line of JSON: seconds, peak RSS, and what the stage left. */
const [stage, folder] = process.argv.slice(2) as [string, string];
const workspace = openWorkspace(join(folder, "ws"));
const out = join(folder, "report.html");
const started = performance.now();
if (stage === "simulate") await simulate(workspace, { artifact: join(folder, "artifact") });
else await writeReport(prepareReport(workspace), out);
printLine(
  JSON.stringify({
    seconds: (performance.now() - started) / 1000,
    rssMb: process.resourceUsage().maxRSS / 1024,
    htmlMb: stage === "report" ? statSync(out).size / 1e6 : 0,
    timing: readResult<SimulateTiming>(workspace, "simulate-timing"),
  }),
);
