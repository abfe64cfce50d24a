import type { Estimate } from "../../datasets/results.js";
import type { ReportDocuments } from "../documents.js";
import { headlinePopulation, routerRow } from "../page/known-strategies.js";

/** A number of a report under the stable key that thresholds and comparisons name it by. */
export interface ReportFigure {
  key: string;
  /** What it is, in words. */
  label: string;
  unit: "usd" | "share" | "count";
  /** Null while it isn't known. */
  value: number | null;
  /** Bounds of the 95 % interval; null for a count or sum that has none. */
  low: number | null;
  high: number | null;
  /** Command that makes it known. */
  command: string;
}

/** The figures of a report in the order in which they are shown; docs/report.md lists the keys. */
export function reportFigures(documents: ReportDocuments): ReportFigure[] {
  return [
    ...ingestFigures(documents),
    ...auditFigures(documents),
    ...routerFigures(documents),
    ...shadowFigures(documents),
  ];
}

function ingestFigures({ ingest }: ReportDocuments): ReportFigure[] {
  const { read = 0, quarantined = 0 } = ingest?.totals ?? {};
  return [
    sum(
      "quarantined_share",
      "Records read that could not be used",
      "share",
      ratio(quarantined, read),
      "signalbox ingest",
    ),
  ];
}

function auditFigures({ audit }: ReportDocuments): ReportFigure[] {
  const command = "signalbox audit";
  const failed = audit?.errors.reduce((total, { requests }) => total + requests, 0);
  const wasted = audit?.waste.filter(({ kind }) => kind === "failed attempts");
  return [
    sum("billed_usd", "Billed", "usd", audit?.billed.usd, command),
    sum("calls", "Calls", "count", audit?.requests, command),
    sum(
      "usd_per_call",
      "Billed per priced call",
      "usd",
      ratio(audit?.billed.usd, audit?.billed.priced_requests),
      command,
    ),
    sum(
      "usd_per_successful_request",
      "Per successful request",
      "usd",
      audit?.usd_per_successful_request,
      command,
    ),
    sum(
      "unpriced_share",
      "Calls without a known price",
      "share",
      ratio(audit?.billed.unpriced_requests, audit?.requests),
      command,
    ),
    sum("error_share", "Calls that failed", "share", ratio(failed, audit?.requests), command),
    sum(
      "failed_usd",
      "Charged for failed calls",
      "usd",
      wasted?.reduce((total, { usd }) => total + usd, 0),
      command,
    ),
  ];
}

function routerFigures({ simulate }: ReportDocuments): ReportFigure[] {
  const command = "signalbox simulate";
  const population = headlinePopulation(simulate);
  const measured = routerRow(simulate?.outcomes?.strategies ?? [])?.retention;
  return [
    estimated(
      "baseline_usd",
      "Cost of the routed calls without the router",
      "usd",
      population?.baseline.usd,
      command,
    ),
    estimated("router_usd", "Cost of the same calls with it", "usd", population?.router.usd, command),
    estimated("saving", "Saving on those calls", "share", population?.router.saving, command),
    sum("saving_of_bill", "Saving of the whole bill", "share", simulate?.traffic?.saving_of_bill, command),
    estimated("quality_kept", "Quality kept", "share", measured ?? population?.router.retention, command),
    sum("strong_share", "Calls to the strong model", "share", population?.router.strong_share, command),
  ];
}

function shadowFigures({ shadow }: ReportDocuments): ReportFigure[] {
  const command = "signalbox shadow analyze";
  return [
    sum("shadow_decisions", "Decisions in the shadow test", "count", shadow?.decisions, command),
    estimated(
      "shadow_difference",
      "Quality difference in the shadow test",
      "share",
      shadow?.response?.difference,
      command,
    ),
  ];
}

type Unit = ReportFigure["unit"];

function sum(
  key: string,
  label: string,
  unit: Unit,
  value: number | null | undefined,
  command: string,
): ReportFigure {
  return { key, label, unit, value: value ?? null, low: null, high: null, command };
}

function estimated(
  key: string,
  label: string,
  unit: Unit,
  estimate: Estimate | null | undefined,
  command: string,
): ReportFigure {
  const { value = null, low = null, high = null } = estimate ?? {};
  return { key, label, unit, value, low, high, command };
}

function ratio(part: number | undefined, whole: number | undefined): number | null {
  return part === undefined || !whole ? null : part / whole;
}
