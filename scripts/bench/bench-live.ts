import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { demoTraffic, runDemo } from "../demo/run-demo.js";
import { stderrProgress } from "../terminal.js";
import { runBench } from "./bench.js";
import { liveTables } from "./live/live-tables.js";
import { runFaults } from "./live/run-faults.js";
import { runShadow } from "./live/run-shadow.js";

await runBench({
  name: "live",
  title: "A shadow test that ran",
  about:
    "examples/shadow on this machine: a service with the openai SDK through `createRoutedFetch`, two model servers in processes of their own with planted quality, latency and faults, load by autocannon. First a response shadow on 10 % of sessions, judged and analysed by the commands that a user would type, beside what was planted; then the service routes, and one thing after the other is broken under load.",
  options: ["seconds", "rate", "keep"],
  main: async ({ quick, options }) => {
    const seconds = Number(options.seconds ?? (quick ? 20 : 180));
    const rate = Number(options.rate ?? 60);
    const folder =
      options.keep === undefined ? mkdtempSync(join(tmpdir(), "signalbox-live-")) : resolve(options.keep);
    mkdirSync(folder, { recursive: true });
    const { progress, end } = stderrProgress();
    try {
      const demo = await runDemo(join(folder, "demo"), {
        requests: 3_000,
        seed: 1,
        announce: (step) => progress({ label: step, done: 0, total: null, unit: "" }),
        progress,
      });
      end();
      const traffic = { ...demoTraffic, requests: Math.ceil(rate * seconds * 1.2), seed: 2 };
      const artifacts = join(folder, "artifacts");
      cpSync(dirname(demo.artifact), artifacts, { recursive: true });
      const shadow = await runShadow({
        artifacts,
        folder,
        traffic,
        rate,
        seconds,
        workspace: demo.workspace,
      });
      const faults = await runFaults({
        artifacts,
        folder,
        traffic,
        requests: shadow.requests.slice(0, Math.floor((rate * seconds) / 2)),
        rate,
      });
      return {
        figures: {
          user_requests: shadow.load.sent,
          pairs: shadow.statuses.paired ?? 0,
          user_failures_by_router: faults.reduce((sum, { load }) => sum + load.failed, 0),
          difference: shadow.analysis.difference?.value ?? Number.NaN,
          planted_difference: shadow.plant.difference,
          figures_covering_plant: shadow.checks.filter(({ isInside }) => isInside).length,
          figures_checked: shadow.checks.length,
        },
        tables: liveTables(shadow, faults),
        notes: [
          `${seconds} s at ${rate} requests a second. Texts, answers, model servers and the judge are synthetic; the router, the SDK, the HTTP calls, the logs and the analysis are real. The judge is a simulation that is never wrong, so what differs from the plant is the shadow's own doing. A run of minutes can't be certified: a verdict needs seven days, so it says too_early.`,
          "What is planted is the mean over all requests that the router moves; the shadow saw a tenth of the sessions.",
        ],
      };
    } finally {
      if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
    }
  },
});
