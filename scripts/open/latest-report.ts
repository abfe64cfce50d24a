import type { Workspace } from "../../datasets/workspace.js";
import { buildReport, type Report } from "../../reports/build-report.js";
import { rememberCharts } from "../../reports/remember-charts.js";
import { resultsFingerprint } from "./stage-states.js";

/** A workspace's report, built anew only when what it is made of has changed; readers who come meanwhile wait for the same one. */
export function openLatestReport(workspace: Workspace): () => Promise<Report> {
  const draw = rememberCharts();
  let made: { fingerprint: string; report: Promise<Report> } | null = null;
  return () => {
    const fingerprint = resultsFingerprint(workspace);
    if (made?.fingerprint !== fingerprint) {
      const report = buildReport(workspace, { draw });
      made = { fingerprint, report };
      report.catch(() => {
        made = null;
      });
    }
    return made!.report;
  };
}
