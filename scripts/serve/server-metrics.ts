import type { Decision, RouterStats } from "@signalbox/runtime";

/** Upper ends of the histogram's buckets, seconds. */
const bucketEnds = [5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2];

/** Counts of one server. */
export interface ServerMetrics {
  countDecision(decision: Decision): void;
  /** @param route pattern of the route, or "none": never the path itself, which callers make up */
  countRequest(route: string, status: number): void;
  /** In the Prometheus text format, version 0.0.4. */
  text(now: { stats: RouterStats; artifact: string | null; inFlight: number; waiting: number }): string;
}

/** Start counting.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function openServerMetrics(): ServerMetrics {
  const decisions = new Map<string, number>();
  const requests = new Map<string, number>();
  const buckets = bucketEnds.map(() => 0);
  const latency = { count: 0, seconds: 0 };
  return {
    countDecision({ model, reasons, tookUs }) {
      // A detail behind the colon can take hundreds of values.
      const reason = (reasons[0] ?? "").split(":", 1)[0]!;
      addOne(decisions, labels({ model, reason }));
      const seconds = tookUs / 1e6;
      latency.count += 1;
      latency.seconds += seconds;
      const bucket = bucketEnds.findIndex((end) => seconds <= end);
      if (bucket >= 0) buckets[bucket]! += 1;
    },
    countRequest: (route, status) => addOne(requests, labels({ route, status: String(status) })),
    text: ({ stats, artifact, inFlight, waiting }) =>
      [
        family("signalbox_decisions_total", "counter", "Decisions by model and first reason.", decisions),
        family(
          "signalbox_errors_total",
          "counter",
          "Faults of the router by stage.",
          Object.entries(stats.errors).map(([stage, count]) => [labels({ stage }), count] as const),
        ),
        histogram(buckets, latency),
        single(
          "signalbox_defaults_total",
          "counter",
          "Decisions that the router left to the default model.",
          stats.defaults,
        ),
        single(
          "signalbox_log_recorded_total",
          "counter",
          "Lines that the decision log took.",
          stats.recorded,
        ),
        single("signalbox_log_lost_total", "counter", "Lines that the decision log lost.", stats.lost),
        family("signalbox_reloads_total", "counter", "Artifacts that were swapped in or refused.", [
          [labels({ outcome: "ok" }), stats.reloads.ok],
          [labels({ outcome: "refused" }), stats.reloads.refused],
        ]),
        family("signalbox_http_requests_total", "counter", "HTTP requests by route and status.", requests),
        single("signalbox_http_in_flight", "gauge", "HTTP requests that are being answered.", inFlight),
        single("signalbox_decisions_waiting", "gauge", "Decisions that wait for their result.", waiting),
        family("signalbox_artifact_info", "gauge", "The artifact that decides.", [
          [labels({ artifact: artifact ?? "none" }), 1],
        ]),
      ].join(""),
  };
}

function family(
  name: string,
  type: string,
  help: string,
  samples: Iterable<readonly [labels: string, value: number]>,
): string {
  const lines = [...samples].map(([label, value]) => `${name}${label} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function single(name: string, type: string, help: string, value: number): string {
  return family(name, type, help, [["", value]]);
}

function histogram(
  buckets: readonly number[],
  { count, seconds }: { count: number; seconds: number },
): string {
  const name = "signalbox_decision_seconds";
  let below = 0;
  const lines = bucketEnds.map((end, i) => {
    below += buckets[i]!;
    return `${name}_bucket{le="${end}"} ${below}\n`;
  });
  return (
    `# HELP ${name} Time that a decision took.\n# TYPE ${name} histogram\n${lines.join("")}` +
    `${name}_bucket{le="+Inf"} ${count}\n${name}_sum ${seconds}\n${name}_count ${count}\n`
  );
}

function labels(values: Record<string, string>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
